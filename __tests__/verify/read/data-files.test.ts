import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { readInput } from "../../../verify/read";
import { temporaryFolder } from "../../support/folders";
import { addresses, folderWith, read, resource, shown } from "./support/configuration";

const RULES = (decoded: string) => `
resource "aws_security_group" "db" {
}
resource "aws_vpc_security_group_ingress_rule" "db" {
  for_each          = { for rule in ${decoded} : rule.name => rule }
  security_group_id = aws_security_group.db.id
  from_port         = each.value.port
  to_port           = each.value.port
  ip_protocol       = "tcp"
  cidr_ipv4         = each.value.cidr
}
`;
const ANYWHERE = 'aws_vpc_security_group_ingress_rule.db["anywhere"]';

describe("rules in a data file are read", () => {
  it.each<[string, string, Record<string, string>]>([
    [
      "of YAML",
      'yamldecode(file("${path.module}/rules.yaml"))',
      {
        "rules.yaml":
          "- name: office\n  port: 3306\n  cidr: 10.20.0.0/16\n- {name: anywhere, port: 3306, cidr: 0.0.0.0/0}\n",
      },
    ],
    [
      "of YAML with anchors",
      'yamldecode(file("rules.yaml")).rules',
      {
        "rules.yaml":
          "base: &base {port: 3306}\nrules:\n  - <<: *base\n    name: anywhere\n    cidr: 0.0.0.0/0\n",
      },
    ],
    [
      "of CSV",
      'csvdecode(file("./rules.csv"))',
      { "rules.csv": "name,port,cidr\r\nanywhere,3306,0.0.0.0/0\r\n" },
    ],
    [
      "of JSON",
      'jsondecode(file("${path.root}/data/rules.json"))',
      { "data/rules.json": '[{"name": "anywhere", "port": 3306, "cidr": "0.0.0.0/0"}]' },
    ],
    [
      "one for each",
      'flatten([for name in fileset("${path.cwd}/rules", "**/*.yaml") : yamldecode(file("rules/${name}"))])',
      { "rules/a.yaml": "[]", "rules/b/c.yaml": "- {name: anywhere, port: 3306, cidr: 0.0.0.0/0}" },
    ],
    [
      "that a template makes",
      'jsondecode(templatefile("rules.tftpl", { names = ["anywhere"] }))',
      {
        "rules.tftpl":
          '[%{ for index, name in names }%{ if index > 0 },%{ endif }{"name": "${name}", "port": 3306, "cidr": "0.0.0.0/0"}%{ endfor }]',
      },
    ],
    [
      "if it is there",
      'try(yamldecode(file("other.yaml")), fileexists("rules.yaml") ? yamldecode(file("rules.yaml")) : [])',
      { "rules.yaml": "- {name: anywhere, port: 3306, cidr: 0.0.0.0/0}" },
    ],
  ])("%s", async (_, decoded, files) => {
    const input = await read({ "main.tf": RULES(decoded), ...files });
    const { from_port, cidr_ipv4 } = resource(input, ANYWHERE).values;
    expect([Number(from_port), cidr_ipv4]).toEqual([3306, "0.0.0.0/0"]);
  });

  it("beside the module that reads it", async () => {
    const input = await read({
      "main.tf": 'module "db" {\n  source = "./modules/db"\n}\n',
      "modules/db/main.tf": RULES('yamldecode(file("${path.module}/rules.yaml"))'),
      "modules/db/rules.yaml": "- {name: anywhere, port: 3306, cidr: 0.0.0.0/0}",
    });
    expect(addresses(input)).toContain(`module.db.${ANYWHERE}`);
    expect(input.notes).toEqual([]);
  });

  it("elsewhere in the repository", async () => {
    const repository = folderWith({
      "stacks/db/main.tf": RULES('yamldecode(file("../../rules.yaml"))'),
      "rules.yaml": "- {name: anywhere, port: 3306, cidr: 0.0.0.0/0}",
    });
    mkdirSync(join(repository, ".git"));
    expect(addresses(await readInput(join(repository, "stacks/db")))).toContain(ANYWHERE);
  });
});

describe("a file that is not read is named", () => {
  let outside: string;
  beforeEach(() => {
    outside = temporaryFolder();
    writeFileSync(join(outside, "rules.yaml"), "- {name: anywhere, port: 3306, cidr: 0.0.0.0/0}");
  });

  it.each<[string, string, (folder: string) => void, RegExp]>([
    [
      "outside of the folder",
      "OUTSIDE/rules.yaml",
      () => {},
      /the file .*rules\.yaml is not read: it lies outside/,
    ],
    [
      "that a link leads to",
      "rules.yaml",
      (folder) => symlinkSync(join(outside, "rules.yaml"), join(folder, "rules.yaml")),
      /the file rules\.yaml is not read: it lies outside/,
    ],
    [
      "in a folder that a link leads to",
      "data/rules.yaml",
      (folder) => symlinkSync(outside, join(folder, "data")),
      /the file data\/rules\.yaml is not read: it lies outside/,
    ],
    ["in a home", "~/rules.yaml", () => {}, /the file ~\/rules\.yaml is not read: it lies in a home folder/],
    ["that is missing", "rules.yaml", () => {}, /the file rules\.yaml does not exist/],
    ["that is a folder", ".", () => {}, /the file \. is not read: expected a file, given a folder/],
    [
      "that is too large",
      "rules.yaml",
      (folder) => {
        writeFileSync(join(folder, "rules.yaml"), "");
        truncateSync(join(folder, "rules.yaml"), 10 * 1024 * 1024 + 1);
      },
      /the file rules\.yaml is not read: .*10 MB/,
    ],
    [
      "whose links go in a circle",
      "rules.yaml",
      (folder) => symlinkSync("rules.yaml", join(folder, "rules.yaml")),
      /the file rules\.yaml/,
    ],
  ])("%s", async (_, path, prepare, note) => {
    const folder = folderWith({
      "main.tf": RULES(`yamldecode(file("${path.replace("OUTSIDE", outside)}"))`),
    });
    prepare(folder);
    const input = await readInput(folder);
    expect(addresses(input)).not.toContain(ANYWHERE);
    expect(input.notes.join("\n")).toMatch(note);
  });

  it("of several by a pattern", async () => {
    const folder = folderWith({
      "main.tf":
        'locals {\n  a = fileset("data", "../*.yaml")\n  b = fileset("/etc", "*")\n  c = fileset("data", "*")\n}\n',
      "data/in.yaml": "",
    });
    symlinkSync(join(outside, "rules.yaml"), join(folder, "data/out.yaml"));
    const input = await readInput(folder);
    expect(shown(input.evaluate("local.c"))).toEqual(["in.yaml"]);
    expect(String(shown(input.evaluate("local.a")))).toMatch(/^</);
    expect(String(shown(input.evaluate("local.b")))).toMatch(/^</);
  });
});
