import { describe, expect, test } from "vitest";
import { readInput } from "../../../verify/read";
import { verify } from "../../../verify/verify";
import { addresses, folderWith, read, refusal, resource, shown } from "./support/configuration";

const group = (name: string, more: object = {}) => ({
  resource: { aws_security_group: { [name]: { name, ...more } } },
});

describe("the files of OpenTofu", () => {
  test("make a folder OpenTofu's where there are no others", async () => {
    const input = await read({
      "main.tofu": 'resource "aws_security_group" "a" {\n}\n',
      "b.tofu.json": group("b"),
    });
    expect(addresses(input)).toStrictEqual(["aws_security_group.b", "aws_security_group.a"]);
    expect(input.notes).toStrictEqual([]);
    expect(resource(input, "aws_security_group.a").source).toMatchObject({
      file: expect.stringMatching(/main\.tofu$/),
      line: 1,
    });
  });

  const MIXED = {
    "main.tf.json": group("db", { description: "terraform" }),
    "main.tofu.json": group("db", { description: "tofu" }),
    "more.tf.json": group("more"),
    "only.tofu.json": group("only"),
    "more_override.tofu.json": group("more", { description: "overridden" }),
    "x.tofutest.hcl": "this is not read",
    ".hidden.tofu": "nor is this",
  };

  test("beside others are not read, with a note that names them", async () => {
    const folder = folderWith(MIXED);
    const input = await readInput(folder);
    expect(addresses(input)).toStrictEqual(["aws_security_group.db", "aws_security_group.more"]);
    expect(resource(input, "aws_security_group.db").values["description"]).toBe("terraform");
    expect(input.notes).toStrictEqual([
      `${folder}: OpenTofu also reads main.tofu.json, more_override.tofu.json, only.tofu.json, and Terraform does not: it is judged as Terraform reads it (--tofu judges it as OpenTofu does).`,
    ]);
  });

  test("beside others are read when OpenTofu is asked for: they replace those of the same name, and override", async () => {
    const input = await readInput(folderWith(MIXED), { tofu: true });
    expect(addresses(input).sort()).toStrictEqual([
      "aws_security_group.db",
      "aws_security_group.more",
      "aws_security_group.only",
    ]);
    expect(resource(input, "aws_security_group.db").values["description"]).toBe("tofu");
    expect(resource(input, "aws_security_group.more").values["description"]).toBe("overridden");
    expect(input.notes).toStrictEqual([]);
  });

  test("are told from those of the same name in the other syntax, which OpenTofu reads both", async () => {
    const input = await readInput(
      folderWith({ "main.tf": 'resource "aws_security_group" "a" {\n}\n', "main.tofu.json": group("b") }),
      { tofu: true },
    );
    expect(addresses(input).sort()).toStrictEqual(["aws_security_group.a", "aws_security_group.b"]);
  });

  test("are read in called modules, too, by the language of the root", async () => {
    const files = {
      "m/main.tf.json": group("db", { description: "terraform" }),
      "m/main.tofu.json": group("db", { description: "tofu" }),
    };
    const call = { module: { m: { source: "./m" } } };
    const described = async (folder: string, tofu = false) =>
      resource(await readInput(folder, { tofu }), "module.m.aws_security_group.db").values["description"];
    expect(await described(folderWith({ ...files, "root.tofu.json": call }))).toBe("tofu");
    expect(await described(folderWith({ ...files, "root.tf.json": call }))).toBe("terraform");
    expect(await described(folderWith({ ...files, "root.tf.json": call }), true)).toBe("tofu");
    const folder = folderWith({ "root.tf.json": call, "m/main.tofu.json": group("db") });
    expect(await refusal(readInput(folder))).toMatch(
      /m: there is no Terraform configuration in it, only OpenTofu's \(main\.tofu\.json\).*--tofu reads both\.$/,
    );
  });

  test("take values from the same files", async () => {
    const input = await read({
      "main.tofu.json": { variable: { a: {}, b: {} }, ...group("db", { name: "${var.a}-${var.b}" }) },
      "terraform.tfvars.json": { a: "1", b: "1" },
      "x.auto.tfvars.json": { b: "2" },
    });
    expect(resource(input, "aws_security_group.db").values["name"]).toBe("1-2");
  });
});

describe("lifecycle { enabled }", () => {
  /** A rule that carries the flow if it exists. */
  const RULES = (lifecycle: unknown) => ({
    variable: { on: {}, off: { default: false } },
    resource: {
      aws_security_group: {
        db: { name: "db" },
        pods: {
          name: "pods",
          egress: [
            {
              ...{ protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["0.0.0.0/0"], self: null },
              ...{ description: null, ipv6_cidr_blocks: null, prefix_list_ids: null, security_groups: null },
            },
          ],
        },
      },
      aws_vpc_security_group_ingress_rule: {
        db: {
          security_group_id: "${aws_security_group.db.id}",
          referenced_security_group_id: "${aws_security_group.pods.id}",
          ...{ ip_protocol: "tcp", from_port: 5432, to_port: 5432 },
          lifecycle,
        },
      },
    },
  });
  const FLOWS = (prefix: string) =>
    `format: 1\nendpoints:\n  pods: ${prefix}aws_security_group.pods\n  db: ${prefix}aws_security_group.db\nflows:\n  f: allow pods -> db TCP 5432\n`;
  const MODULE =
    'variable "on" {}\nmodule "m" {\n  source = "./m"\n  lifecycle {\n    enabled = ENABLED\n  }\n}\n';

  test.each<[string, Record<string, unknown>, string, string]>([
    ["of a resource that is", { "a.tofu.json": RULES({ enabled: true }) }, "", "holds"],
    ["of a resource that is not", { "a.tofu.json": RULES({ enabled: "${var.off}" }) }, "", "broken"],
    ["of a resource, as a list of blocks", { "a.tofu.json": RULES([{ enabled: false }]) }, "", "broken"],
    [
      "of a resource of which that is not known",
      { "a.tofu.json": RULES({ enabled: "${var.on}" }) },
      "",
      "holds-if",
    ],
    ["of a resource in a file of Terraform", { "a.tf.json": RULES({ enabled: false }) }, "", "broken"],
    [
      "of a resource in a called module",
      { "a.tofu.json": { module: { m: { source: "./m" } } }, "m/a.tofu.json": RULES({ enabled: false }) },
      "module.m.",
      "broken",
    ],
    [
      "of a module of which that is not known",
      { "a.tofu": MODULE.replace("ENABLED", "var.on"), "m/a.tofu.json": RULES({}) },
      "module.m.",
      "holds-if",
    ],
    [
      "of a module that is",
      { "a.tofu": MODULE.replace("ENABLED", "true"), "m/a.tofu.json": RULES({}) },
      "module.m.",
      "holds",
    ],
  ])("%s", async (_, files, prefix, status) => {
    const folder = folderWith({ ...files, "flows.yaml": FLOWS(prefix) });
    const { verdicts } = await verify(folder);
    expect(verdicts.map((verdict) => verdict.status)).toStrictEqual([status]);
  });

  test("of a module that is not leaves nothing of it", async () => {
    const input = await read({ "a.tofu": MODULE.replace("ENABLED", "false"), "m/a.tofu.json": RULES({}) });
    expect(addresses(input)).toStrictEqual([]);
    expect(input.modules).toStrictEqual([]);
  });

  test("of data sources and of what others refer to: what is not there is null", async () => {
    const input = await read({
      "a.tofu.json": {
        data: { aws_vpc: { v: { lifecycle: { enabled: false } } } },
        ...group("a", {
          vpc_id: '${data.aws_vpc.v != null ? data.aws_vpc.v.id : "vpc-1"}',
          description: '${try(data.aws_vpc.v.id, "none")}',
        }),
      },
    });
    expect(addresses(input)).toStrictEqual(["aws_security_group.a"]);
    expect(shown(resource(input, "aws_security_group.a").values["vpc_id"])).toBe("vpc-1");
    expect(shown(resource(input, "aws_security_group.a").values["description"])).toBe("none");
  });

  test("in a file of Terraform is named: Terraform refuses it", async () => {
    const { notes } = await read({ "a.tf.json": RULES({ enabled: true }) });
    expect(notes).toStrictEqual([
      "aws_vpc_security_group_ingress_rule.db: lifecycle.enabled belongs to OpenTofu 1.11 and is judged as there; Terraform rejects it.",
    ]);
  });
});
