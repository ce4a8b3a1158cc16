import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { render } from "../../../verify/report";
import { verify } from "../../../verify/verify";
import { temporaryFolder } from "../../support/folders";

const OPEN = `resource "aws_security_group" "db" {
  name = "db"
}
resource "aws_db_instance" "db" {
  vpc_security_group_ids = [aws_security_group.db.id]
}
resource "aws_vpc_security_group_ingress_rule" "world" {
  security_group_id = aws_security_group.db.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
}
`;
const FETCHED = ".terraform/modules";
const CALL = `module "db" {
  source  = "acme/db/aws"
  version = "1.0.0"
}
`;

const installed = (modules: Readonly<Record<string, string>>) =>
  JSON.stringify({ Modules: Object.entries(modules).map(([Key, Dir]) => ({ Key, Source: "", Dir })) });

/** Where the database that is open to the world is said to be in each format, with paths in the folder. */
async function placesOf(files: Readonly<Record<string, string>>) {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const report = await verify(folder);
  const own = (text: string) => text.replaceAll(`${folder}/`, "").replaceAll(`${relative(".", folder)}/`, "");
  const found = report.findings.find(({ check }) => check === "open-to-the-world");
  const show = (format: "text" | "markdown" | "sarif" | "json") =>
    own(render([report], format, { color: false }));
  return { source: JSON.parse(own(JSON.stringify(found?.source ?? null))), show };
}

test("what is found in a module that terraform init fetched is placed at the call in the configuration", async () => {
  const { source, show } = await placesOf({
    "main.tf": `\n${CALL}`,
    [`${FETCHED}/modules.json`]: installed({ "": ".", db: `${FETCHED}/db` }),
    [`${FETCHED}/db/main.tf`]: OPEN,
  });
  const inside = { file: `${FETCHED}/db/main.tf`, line: 7 };
  expect(source).toStrictEqual({ file: "main.tf", line: 2, inside });
  expect(show("text")).toMatch(/^ {12}main\.tf:2\n {12}in \.terraform\/modules\/db\/main\.tf:7$/m);
  expect(show("markdown")).toContain("(`main.tf:2`, in `.terraform/modules/db/main.tf:7`)");
  const [json] = JSON.parse(show("json")).reports[0].findings;
  expect(json.source).toStrictEqual({ file: "main.tf", line: 2, inside });
  const [sarif] = JSON.parse(show("sarif")).runs[0].results;
  expect(sarif.locations[0].physicalLocation.region).toStrictEqual({ startLine: 2 });
  expect(sarif.relatedLocations[0].physicalLocation.region).toStrictEqual({ startLine: 7 });
  expect(sarif.relatedLocations[0].physicalLocation.artifactLocation.uri).toMatch(/modules\/db\/main\.tf$/);
});

test("a fetched module that calls its own submodule: the call that leads out of the configuration is named", async () => {
  const { source } = await placesOf({
    "main.tf": 'module "service" {\n  source = "./service"\n}\n',
    "service/main.tf": `# The service's database.\n${CALL}`,
    [`${FETCHED}/modules.json`]: installed({
      "service.db": `${FETCHED}/service.db`,
      "service.db.rules": `${FETCHED}/service.db/modules/rules`,
    }),
    [`${FETCHED}/service.db/main.tf`]: 'module "rules" {\n  source = "./modules/rules"\n}\n',
    [`${FETCHED}/service.db/modules/rules/main.tf`]: OPEN,
  });
  expect(source).toStrictEqual({
    file: "service/main.tf",
    line: 2,
    inside: { file: `${FETCHED}/service.db/modules/rules/main.tf`, line: 7 },
  });
});

test("a module in a folder of the configuration is placed at its own file", async () => {
  const { source, show } = await placesOf({
    "main.tf": 'module "db" {\n  source = "./db"\n}\n',
    "db/main.tf": OPEN,
  });
  expect(source).toStrictEqual({ file: "db/main.tf", line: 7 });
  expect(JSON.parse(show("sarif")).runs[0].results[0]).not.toHaveProperty("relatedLocations");
});

test("a flow that a fetched module breaks is placed at the call, too", async () => {
  const { show } = await placesOf({
    "main.tf": CALL,
    [`${FETCHED}/modules.json`]: installed({ db: `${FETCHED}/db` }),
    [`${FETCHED}/db/main.tf`]: OPEN,
    "flows.yaml":
      "format: 1\nendpoints:\n  db: { group: module.db.aws_security_group.db }\nflows:\n  closed: deny internet -> db TCP 5432\n",
  });
  const [flow] = JSON.parse(show("sarif")).runs[0].results;
  expect(flow.locations[0].physicalLocation.artifactLocation.uri).toMatch(/(^|\/)main\.tf$/);
  expect(flow.locations[0].physicalLocation.region).toStrictEqual({ startLine: 1 });
  expect(flow.relatedLocations[0].physicalLocation.region).toStrictEqual({ startLine: 7 });
});

test("a rule that a wider one covers is told where it can be removed: not in a module that terraform init fetched", async () => {
  const rules = `
resource "aws_security_group" "db" {}
resource "aws_vpc_security_group_ingress_rule" "wide" {
  security_group_id = aws_security_group.db.id
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "-1"
}
resource "aws_vpc_security_group_ingress_rule" "narrow" {
  security_group_id = aws_security_group.db.id
  cidr_ipv4         = "10.1.0.0/16"
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
}
`;
  const shadowed = async (files: Record<string, string>) => {
    const { show } = await placesOf(files);
    const [report] = JSON.parse(show("json")).reports;
    return report.findings.flatMap(({ check, address }: { check: string; address: string }) =>
      check === "shadowed-rule" ? [address] : [],
    );
  };
  const own = "aws_vpc_security_group_ingress_rule.narrow";
  expect(await shadowed({ "main.tf": rules })).toStrictEqual([own]);
  const local = { "main.tf": 'module "db" {\n  source = "./db"\n}\n', "db/main.tf": rules };
  expect(await shadowed(local)).toStrictEqual([`module.db.${own}`]);
  const fetched = {
    "main.tf": CALL,
    [`${FETCHED}/modules.json`]: installed({ "": ".", db: `${FETCHED}/db` }),
    [`${FETCHED}/db/main.tf`]: rules,
  };
  expect(await shadowed(fetched)).toStrictEqual([]);
});
