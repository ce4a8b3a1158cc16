import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { readInput } from "../../../verify/read";
import { verify } from "../../../verify/verify";
import { temporaryFolder } from "../../support/folders";
import { addresses, folderWith, refusal, resource, shown } from "./support/configuration";

type Json = Record<string, unknown>;

/** A resource of a state as Terraform keeps it. */
const stored = (
  address: { module?: string; mode?: string; type: string; name: string },
  ...instances: Json[]
) => ({
  mode: "managed",
  provider: 'provider["registry.terraform.io/hashicorp/aws"]',
  ...address,
  instances: instances.map((instance) => ({ schema_version: 1, sensitive_attributes: [], ...instance })),
});

const state = (...resources: Json[]) => ({
  version: 4,
  terraform_version: "1.11.4",
  serial: 3,
  lineage: "0b0f7f0e-0000-0000-0000-000000000000",
  outputs: {},
  resources,
  check_results: null,
});

const group = (id: string, ...ingress: Json[]) => ({ attributes: { id, name: id, ingress, egress: [] } });
const rule = (port: number, sources: string[]) => ({
  ...{ protocol: "tcp", from_port: port, to_port: port, cidr_blocks: [], ipv6_cidr_blocks: [], self: false },
  ...{ prefix_list_ids: [], description: "", security_groups: sources },
});

const STATE = state(
  stored(
    { module: 'module.shop["eu/west"]', type: "aws_security_group", name: "pods" },
    { index_key: "orders", ...group("sg-0a1"), dependencies: ["module.shop.data.aws_vpc.main"] },
    { index_key: "carts", ...group("sg-0a2") },
    { index_key: "carts", deposed: "8f4c1b2a", ...group("sg-0a3", rule(22, ["sg-0a1"])) },
  ),
  stored(
    { module: 'module.shop["eu/west"]', mode: "data", type: "aws_vpc", name: "main" },
    { attributes: { id: "vpc-0a" } },
  ),
  stored(
    { type: "aws_security_group", name: "db" },
    { index_key: 0, ...group("sg-0b1", rule(5432, ["sg-0a1"])), status: "tainted" },
    { index_key: 1, ...group("sg-0b2") },
  ),
  stored(
    { type: "aws_db_instance", name: "db" },
    {
      attributes: { id: "db", password: "secret", vpc_security_group_ids: ["sg-0b1"] },
      sensitive_attributes: [[{ type: "get_attr", value: "password" }]],
      private: "bnVsbA==",
    },
  ),
  stored(
    { type: "kubernetes_manifest", name: "policy" },
    {
      attributes: {
        manifest: {
          value: {
            apiVersion: "vpcresources.k8s.aws/v1beta1",
            kind: "SecurityGroupPolicy",
            spec: { securityGroups: { groupIds: ["sg-0a1"] } },
          },
          type: ["object", { apiVersion: "string" }],
        },
        object: null,
      },
    },
  ),
);

const FLOWS = `format: 1
endpoints:
  orders: 'module.shop["eu/west"].aws_security_group.pods["orders"]'
  carts: 'module.shop["eu/west"].aws_security_group.pods["carts"]'
  db: aws_security_group.db[0]
flows:
  orders: allow orders -> db TCP 5432
  carts: deny carts -> db all
`;

describe("a state as Terraform keeps it", () => {
  it("has instances, modules, data sources and sensitive values; what is deposed is left out with a note", async () => {
    const input = await readInput("-", { stdin: JSON.stringify(STATE) });
    expect(input.kind).toBe("state");
    expect(addresses(input)).toStrictEqual([
      "aws_db_instance.db",
      "aws_security_group.db[0]",
      "aws_security_group.db[1]",
      "kubernetes_manifest.policy",
      'module.shop["eu/west"].aws_security_group.pods["carts"]',
      'module.shop["eu/west"].aws_security_group.pods["orders"]',
      'module.shop["eu/west"].data.aws_vpc.main',
    ]);
    expect(resource(input, 'module.shop["eu/west"].aws_security_group.pods["carts"]').values["id"]).toBe(
      "sg-0a2",
    );
    expect(resource(input, 'module.shop["eu/west"].data.aws_vpc.main').mode).toBe("data");
    expect(shown(resource(input, "kubernetes_manifest.policy").values["manifest"])).toMatchObject({
      kind: "SecurityGroupPolicy",
    });
    expect(input.notes).toStrictEqual([
      'module.shop["eu/west"].aws_security_group.pods["carts"]: its deposed object 8f4c1b2a is skipped: the next apply destroys it, but its rules are in force until then.',
    ]);
  });

  test.each<[string, (text: string) => string]>([
    ["as it is", (text) => text],
    ["with a byte order mark", (text) => `\uFEFF${text}`],
    ["with the line ends of Windows", (text) => text.replaceAll("\n", "\r\n")],
  ])("is judged, %s, from a file and from standard input", async (_, spelled) => {
    const folder = folderWith({ "flows.yaml": FLOWS });
    const text = spelled(JSON.stringify(STATE, null, 2));
    const file = join(folder, "terraform.tfstate");
    writeFileSync(file, text);
    const flows = join(folder, "flows.yaml");
    for (const report of [await verify(file, { flows }), await verify("-", { flows, stdin: text })]) {
      expect(report.verdicts.map(({ flow, status }) => [flow.id.name, status])).toStrictEqual([
        ["orders", "broken"],
        ["carts", "holds"],
      ]);
    }
  });

  it("may be empty", async () => {
    expect((await readInput("-", { stdin: JSON.stringify(state()) })).resources).toStrictEqual([]);
  });
});

describe("another state is refused in a sentence", () => {
  test.each<[string, Json, string]>([
    [
      "of version 3",
      {
        version: 3,
        terraform_version: "0.11.14",
        serial: 1,
        lineage: "x",
        modules: [{ path: ["root"], resources: {} }],
      },
      "it is a state of version 3; version 4 can be read, which Terraform since 0.12 writes.",
    ],
    ["of a version to come", { ...state(), version: 5 }, "it is a state of version 5; version 4 can be read"],
    [
      "with attributes as version 3 had them",
      state(stored({ type: "aws_security_group", name: "x" }, { attributes_flat: { "ingress.#": "1" } })),
      "aws_security_group.x: the attributes are those of a Terraform before 0.12.",
    ],
    [
      "that OpenTofu encrypted",
      {
        serial: 1,
        lineage: "x",
        meta: { "key_provider.pbkdf2.x": "e30=" },
        encrypted_data: "AA==",
        encryption_version: "v0",
      },
      "it is encrypted by OpenTofu. Pass what `tofu show -json` prints",
    ],
    [
      "that only names its backend",
      { version: 3, serial: 1, lineage: "x", backend: { type: "s3", config: {}, hash: 1 } },
      "it only says in which backend the state is. Pass what `terraform state pull` prints.",
    ],
  ])("%s", async (_, content, sentence) => {
    const path = join(temporaryFolder(), "terraform.tfstate");
    writeFileSync(path, JSON.stringify(content));
    expect(await refusal(readInput(path))).toContain(sentence);
  });
});

test("a plan's deposed objects do not stand for their successors", async () => {
  const address = "aws_security_group.x";
  const change = { address, mode: "managed", type: "aws_security_group", name: "x" };
  const plan = {
    format_version: "1.2",
    planned_values: {
      root_module: { resources: [{ ...change, values: { name: "x", ingress: [rule(80, [])] } }] },
    },
    resource_changes: [
      { ...change, change: { actions: ["update"], before: { id: "sg-0a" }, after_unknown: {} } },
      {
        ...change,
        deposed: "8f4c1b2a",
        change: { actions: ["delete"], before: { id: "sg-0b" }, after_unknown: {} },
      },
    ],
  };
  const input = await readInput("-", { stdin: JSON.stringify(plan) });
  expect(input.actions).toStrictEqual({ [address]: ["update"] });
  expect(input.before?.[address]).toStrictEqual({ id: "sg-0a" });
});
