import { expect, test } from "vitest";
import { verify } from "../../verify/verify";
import { folderWith, postgresRule } from "./read/support/configuration";

/** Rules of a group may be others' to change: then those that the folder shows are not all of them. */
const groups = (lifecycle: string) => `
resource "aws_security_group" "pods" { name = "pods" }
resource "aws_security_group" "database" {
  name = "database"
  ${lifecycle}
}
${postgresRule("egress", "pods", "database")}
`;
const FLOWS = `
format: 1
endpoints: { pods: aws_security_group.pods, database: aws_security_group.database }
flows:
  access: allow pods -> database TCP 5432
  closed: deny database -> pods all
`;

test.each([
  ["", ["broken", "holds"]],
  ["lifecycle { ignore_changes = [tags, description] }", ["broken", "holds"]],
  ["lifecycle { create_before_destroy = true }", ["broken", "holds"]],
  ["lifecycle { ignore_changes = [ingress] }", ["holds-if", "holds"]],
  ["lifecycle { ignore_changes = [tags, egress] }", ["holds-if", "holds"]],
  ["lifecycle { ignore_changes = all }", ["holds-if", "holds"]],
])("%s", async (lifecycle, expected) => {
  const { verdicts } = await verify(folderWith({ "main.tf": groups(lifecycle), "flows.yaml": FLOWS }));
  expect(verdicts.map(({ status }) => status)).toStrictEqual(expected);
});

test("in JSON, the names are text", async () => {
  const content = {
    resource: {
      aws_security_group: {
        pods: { name: "pods", lifecycle: { ignore_changes: ["ingress", "egress"] } },
        database: { name: "database", lifecycle: { ignore_changes: "all" } },
      },
    },
  };
  const { verdicts } = await verify(folderWith({ "main.tf.json": content, "flows.yaml": FLOWS }));
  expect(verdicts.map(({ status }) => status)).toStrictEqual(["holds-if", "holds-if"]);
});
