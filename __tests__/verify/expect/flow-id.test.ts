import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { render } from "../../../verify/report";
import { verify } from "../../../verify/verify";
import { temporaryFolder } from "../../support/folders";

test("flows of elements whose keys hold slashes stay together under their module call, with whole names", async () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, "main.tf"),
    `locals { offices = toset(["10.0.0.0/8", "192.168.0.0/16"]) }
resource "aws_security_group" "db" { name = "db" }
`,
  );
  writeFileSync(
    join(folder, "flows.yaml"),
    `format: 1
endpoints:
  db: aws_security_group.db
  office: { cidrs: ["\${each.value}"] }
flows:
  out: { flow: "deny office -> db TCP 3306", for_each: local.offices }
`,
  );
  const report = await verify(folder);
  expect(report.verdicts.map(({ flow }) => flow.id)).toStrictEqual([
    { module: "", name: "out", key: "10.0.0.0/8" },
    { module: "", name: "out", key: "192.168.0.0/16" },
  ]);
  const text = render([report], "text", { color: false, all: true });
  expect(text).toContain("\nFlows that hold\n");
  expect(text).not.toContain("Flows of");
  expect(text).toContain('holds     out["10.0.0.0/8"]');
  expect(render([report], "json", { color: false })).toContain('"id": "out[\\"10.0.0.0/8\\"]"');
});
