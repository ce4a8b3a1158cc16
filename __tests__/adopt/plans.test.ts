import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Json } from "../../io/json";
import { temporaryFolder } from "../support/folders";
import { commandHere } from "../support/here";
import { classic, group, ingress, sg } from "./support/state";

const GROUP = "aws_security_group";
const INGRESS = "aws_vpc_security_group_ingress_rule";
const CLASSIC = "aws_security_group_rule";

interface Planned {
  readonly actions: readonly string[];
  readonly before?: Json | null;
  readonly after?: Json | null;
  readonly id?: string;
  readonly from?: string;
  readonly unknown?: Json;
}

/** A change of a plan: imported with an `id`, moved with `from`. */
function change(
  type: string,
  name: string,
  { actions, before = null, after = null, id, from, unknown = {} }: Planned,
): Json {
  return {
    address: `${type}.${name}`,
    mode: "managed",
    type,
    name,
    ...(from !== undefined && { previous_address: from }),
    change: {
      actions,
      before,
      after,
      after_unknown: unknown,
      ...(id !== undefined && { importing: { id } }),
    },
  };
}

const plan = (changes: readonly Json[], more: Json = {}) =>
  JSON.stringify({ format_version: "1.2", planned_values: {}, resource_changes: changes, ...more });

const checked = (...plans: string[]) => checkedBy([], ...plans);

async function checkedBy(options: readonly string[], ...plans: string[]) {
  const folder = temporaryFolder();
  const names = plans.map((text, index) => {
    writeFileSync(join(folder, `${index}.json`), text);
    return `${index}.json`;
  });
  return commandHere(["adopt", "--check-plan", ...options, ...names], folder);
}

const WEB = group(sg(1), "web");
const HTTPS = ingress("sgr-1", sg(1), { cidr_ipv4: "10.0.0.0/8", description: "HTTPS" });
/** What makes a plan one of an adoption. */
const MOVED = change(GROUP, "this", {
  actions: ["no-op"],
  before: WEB,
  after: WEB,
  from: "aws_security_group.web",
});

const updated = (type: string, before: Json, after: Json, unknown: Json = {}) =>
  change(type, "x", { actions: ["update"], before, after: { ...before, ...after }, unknown });

describe("a plan of an adoption", () => {
  test.each<[string, Json[], string]>([
    ["moves", [MOVED], "0 imported, 1 moved, 0 forgotten, 0 changed in place."],
    [
      "imports",
      [change(GROUP, "this", { actions: ["no-op"], before: WEB, after: WEB, id: sg(1) })],
      "1 imported, 0 moved",
    ],
    ["reads data", [MOVED, { ...change("aws_region", "x", { actions: ["read"] }), mode: "data" }], "1 moved"],
    [
      "changes tags",
      [MOVED, updated(GROUP, WEB, { tags: { a: "b" } })],
      "in place: aws_security_group.x changes tags\n",
    ],
    [
      "takes a tag away, which is named",
      [
        MOVED,
        updated(
          GROUP,
          {
            ...WEB,
            tags: { "kubernetes.io/cluster/main": "owned" },
            tags_all: { "kubernetes.io/cluster/main": "owned" },
          },
          { tags: {}, tags_all: {} },
        ),
      ],
      "in place: aws_security_group.x changes tags, tags_all, and takes the tags kubernetes.io/cluster/main away: if the provider of the old root ignored them (`ignore_tags`), the new one must, too\n",
    ],
    [
      "changes the description of a rule",
      [MOVED, updated(INGRESS, HTTPS, { description: "Web" })],
      "in place: aws_vpc_security_group_ingress_rule.x changes description\n",
    ],
    [
      "changes tags, with more that the provider computes",
      [MOVED, updated(GROUP, WEB, { tags: { a: "" } }, { tags_all: true })],
      "changes tags\n",
    ],
    [
      "writes the same addresses in another order",
      [
        MOVED,
        updated(CLASSIC, classic(sg(1), { cidr_blocks: ["10.0.0.0/16", "10.1.0.0/16"] }), {
          cidr_blocks: ["10.1.0.0/16", "10.0.0.0/16"],
        }),
      ],
      "changes cidr_blocks\n",
    ],
    [
      "divides rules otherwise into blocks",
      [
        MOVED,
        updated(
          GROUP,
          {
            ...WEB,
            ingress: [
              {
                protocol: "tcp",
                from_port: 1,
                to_port: 1,
                cidr_blocks: ["10.0.0.0/8", "10.1.0.0/16"],
                description: "",
              },
            ],
          },
          {
            ingress: ["10.1.0.0/16", "10.0.0.0/8"].map((cidr) => ({
              protocol: "tcp",
              from_port: 1,
              to_port: 1,
              cidr_blocks: [cidr],
              description: null,
            })),
          },
        ),
      ],
      "changes ingress\n",
    ],
  ])("that %s is accepted", async (_, changes, words) => {
    const { status, stdout } = await checked(plan(changes));
    expect(stdout).toContain(words);
    expect(stdout).not.toContain("rejected");
    expect(status).toBe(0);
  });

  test.each<[string, Json[], string]>([
    [
      "destroys",
      [change(GROUP, "x", { actions: ["delete"], before: WEB })],
      "aws_security_group.x would be destroyed",
    ],
    [
      "destroys what waits for it",
      [{ ...change(GROUP, "x", { actions: ["delete"], before: WEB }), deposed: "ab12" }],
      "aws_security_group.x (deposed object ab12) would be destroyed",
    ],
    ["creates", [change(INGRESS, "x", { actions: ["create"], after: HTTPS })], "would be created"],
    [
      "replaces",
      [change(GROUP, "x", { actions: ["delete", "create"], before: WEB, after: WEB })],
      "would be replaced",
    ],
    [
      "replaces with the new one first",
      [change(GROUP, "x", { actions: ["create", "delete"] })],
      "would be replaced",
    ],
    [
      "forgets what nobody imports",
      [change(GROUP, "x", { actions: ["forget"], before: WEB })],
      "would be forgotten",
    ],
    [
      "opens a port",
      [updated(INGRESS, HTTPS, { to_port: 444 })],
      "after which 1 rule would be gone (sg-0a1b2c3d4e5f60001 ingress tcp 443-443 cidr 10.0.0.0/8) and 1 rule would be new",
    ],
    [
      "revokes rules of a set of blocks",
      [
        updated(
          GROUP,
          {
            ...WEB,
            ingress: [
              { protocol: "tcp", from_port: 1, to_port: 1, cidr_blocks: ["10.0.0.0/8"] },
              { protocol: "tcp", from_port: 2, to_port: 2, cidr_blocks: ["10.0.0.0/8"] },
            ],
          },
          { ingress: [{ protocol: "tcp", from_port: 1, to_port: 1, cidr_blocks: ["10.0.0.0/8"] }] },
        ),
      ],
      "after which 1 rule would be gone",
    ],
    [
      "describes a rule of a block anew, for which the provider revokes it first",
      [
        updated(
          GROUP,
          { ...WEB, ingress: [{ protocol: "tcp", from_port: 1, to_port: 1, cidr_blocks: ["10.0.0.0/8"] }] },
          {
            ingress: [
              { protocol: "tcp", from_port: 1, to_port: 1, cidr_blocks: ["10.0.0.0/8"], description: "New" },
            ],
          },
        ),
      ],
      "the provider takes 1 rule of its blocks away before it adds it again with another description",
    ],
    [
      "changes a rule to what is not known",
      [updated(INGRESS, HTTPS, {}, { cidr_ipv4: true })],
      "would be changed to something that is not known",
    ],
    [
      "changes anything else",
      [updated("aws_instance", { id: "i-1" }, { ami: "b" })],
      "which is no part of an adoption",
    ],
    [
      "does something that is not known",
      [change(GROUP, "x", { actions: ["twist"] })],
      "would be subject to twist",
    ],
  ])("that %s is rejected", async (_, changes, words) => {
    const { status, stdout } = await checked(plan([MOVED, ...changes]));
    expect(stdout).toContain("rejected: ");
    expect(stdout).toContain(words);
    expect(status).toBe(1);
  });

  test.each<[string, Json]>([
    ["failed", { errored: true }],
    ["is not complete", { complete: false }],
    ["puts changes off", { deferred_changes: [{ reason: "resource_config_unknown" }] }],
    ["invokes actions", { action_invocations: [{ address: "action.aws_lambda_invoke.x" }] }],
  ])("that %s is rejected", async (_, more) => {
    expect(await checked(plan([MOVED], more))).toMatchObject({ status: 1 });
  });

  test("outputs alone are no adoption", async () => {
    const { status, stdout } = await checked(plan([], { output_changes: { id: { actions: ["create"] } } }));
    expect(stdout).toContain("nothing is imported or moved");
    expect(status).toBe(1);
  });

  test("what one plan forgets, another must import: groups by id, rules by what they mean, whatever their form", async () => {
    const rule = classic(sg(1), { cidr_blocks: ["10.0.0.0/8"] });
    const old = plan([
      change(GROUP, "released", { actions: ["forget"], before: WEB, from: "aws_security_group.web" }),
      change(CLASSIC, "released", { actions: ["forget"], before: rule }),
    ]);
    const imported = (type: string, before: Json) =>
      change(type, "this", { actions: ["no-op"], before, after: before, id: String(before["id"]) });
    const both = await checked(plan([imported(GROUP, WEB), imported(INGRESS, HTTPS)]), old);
    expect(both.stdout).toContain("2 imported, 0 moved, 2 forgotten");
    expect(both.status).toBe(0);

    const other = ingress("sgr-2", sg(1), { cidr_ipv4: "10.0.0.0/16" });
    const half = await checked(plan([imported(GROUP, WEB), imported(INGRESS, other)]), old);
    expect(half.stdout).toContain("rejected: 1.json: aws_security_group_rule.released would be forgotten");
    expect(half.status).toBe(1);
  });

  const BLOCK_OF_HTTPS = { protocol: "tcp", from_port: 443, to_port: 443, cidr_blocks: ["10.0.0.0/8"] };
  const kept = (type: string, before: Json, from?: string) =>
    change(type, "kept", { actions: ["no-op"], before, after: before, ...(from !== undefined && { from }) });
  test.each<[string, Json, Json]>([
    [
      "the rule of another form",
      HTTPS,
      kept(CLASSIC, classic(sg(1), { cidr_blocks: ["10.0.0.0/8", "10.9.0.0/16"] })),
    ],
    ["a rule that moves", HTTPS, kept(INGRESS, HTTPS, `${INGRESS}.web`)],
    ["the group itself", WEB, kept(GROUP, WEB)],
    ["a block of its group", HTTPS, kept(GROUP, { ...WEB, ingress: [BLOCK_OF_HTTPS] })],
  ])("what %s holds and keeps is not imported: two would claim it", async (_, before, holder) => {
    const type = before === WEB ? GROUP : INGRESS;
    const configuration = {
      root_module: { resources: [{ address: `${GROUP}.kept`, expressions: { ingress: [{}] } }] },
    };
    const imported = change(type, "this", {
      actions: ["no-op"],
      before,
      after: before,
      id: String(before["id"]),
    });
    const { status, stdout } = await checked(plan([imported]), plan([holder], { configuration }));
    expect(stdout).toContain(
      `rejected: 0.json: ${type}.this would be imported, and ${String(holder["address"])} holds it`,
    );
    expect(status).toBe(1);

    const other = change(INGRESS, "other", {
      actions: ["no-op"],
      before: ingress("sgr-9", sg(1), { cidr_ipv4: "10.7.0.0/16" }),
      id: "sgr-9",
    });
    expect(await checked(plan([other]), plan([holder], { configuration }))).toMatchObject({ status: 0 });
  });

  test("the undo of groups that no state held forgets what nobody imports, and does nothing else", async () => {
    const forgotten = [
      change(GROUP, "released", { actions: ["forget"], before: WEB }),
      change(INGRESS, "released", { actions: ["forget"], before: HTTPS }),
    ];
    const undo = await checkedBy(["--undo"], plan(forgotten));
    expect(undo.stdout).toContain("0 imported, 0 moved, 2 forgotten");
    expect(undo.status).toBe(0);

    const more = [
      ["aws_vpc.main would be forgotten", change("aws_vpc", "main", { actions: ["forget"], before: {} })],
      [`${GROUP}.web would be destroyed`, change(GROUP, "web", { actions: ["delete"], before: WEB })],
    ] as const;
    for (const [words, one] of more) {
      const rejected = await checkedBy(["--undo"], plan([...forgotten, one]));
      expect(rejected.stdout).toContain(`rejected: ${words}`);
      expect(rejected.status).toBe(1);
    }
    const nothing = await checkedBy(["--undo"], plan([]));
    expect(nothing.status).toBe(1);

    const alone = await commandHere(["adopt", "--undo", "--dry-run"], temporaryFolder());
    expect(alone.stderr).toContain("give it with --check-plan");
    expect(alone.status).toBe(2);
  });

  test("after an apply that stopped midway, what is imported already counts as held", async () => {
    const held = (type: string, before: Json) =>
      change(type, "this", { actions: ["no-op"], before, after: before });
    const released = (type: string, before: Json) =>
      change(type, "released", { actions: ["forget"], before });
    const next = plan([held(GROUP, WEB), held(INGRESS, HTTPS)]);
    const rest = await checked(next, plan([released(GROUP, WEB), released(INGRESS, HTTPS)]));
    expect(rest.stdout).toContain("0 imported, 0 moved, 2 forgotten");
    expect(rest.status).toBe(0);

    // A group reports the rules on it; that does not hold them.
    const group = {
      ...WEB,
      ingress: [{ protocol: "tcp", from_port: 443, to_port: 443, cidr_blocks: ["10.0.0.0/8"] }],
    };
    const lost = await checked(plan([held(GROUP, group)]), plan([released(INGRESS, HTTPS)]));
    expect(lost.status).toBe(1);
  });

  test.each([
    ["no plan at all", [], "--check-plan takes plans as JSON"],
    [
      "a state",
      ['{"format_version":"1.0","terraform_version":"1.11.4","values":{}}'],
      "it is a state; give a plan",
    ],
    ["what is no JSON", ["{"], "0.json"],
  ])("%s: the exit code is 2", async (_, plans, words) => {
    const { status, stderr } = await checked(...plans);
    expect(stderr).toContain(words);
    expect(status).toBe(2);
  });
});

describe("a rule that becomes a block, and back", () => {
  const BLOCK = {
    protocol: "tcp",
    from_port: 443,
    to_port: 443,
    cidr_blocks: ["10.0.0.0/8"],
    ipv6_cidr_blocks: [],
    prefix_list_ids: [],
    security_groups: [],
    self: false,
    description: "HTTPS",
  };
  const live = group(sg(1), "web", { ingress: [BLOCK] });
  const forgotten = change(INGRESS, "released", {
    actions: ["forget"],
    before: HTTPS,
    from: 'module.web.aws_vpc_security_group_ingress_rule.ingress["https"]',
  });
  /** A group that moves between the root and a call of a module, with what its configuration says of blocks. */
  const moving = (address: string, from: string, configuration: Json, variables: Json = {}) =>
    plan(
      [
        {
          ...change(GROUP, "this", { actions: ["no-op"], before: live, after: live, from }),
          address,
        },
        forgotten,
      ],
      { configuration: { root_module: configuration }, variables },
    );
  const calls = (expressions: Json, variables: Json = {}) => ({
    module_calls: {
      other: {
        expressions,
        module: {
          variables,
          resources: [
            {
              address: "aws_security_group.this",
              expressions: { ingress: { constant_value: "${var.inline}", references: ["var.inline"] } },
            },
          ],
        },
      },
    },
  });
  const into = (configuration: Json, variables?: Json) =>
    moving("module.other.aws_security_group.this", "aws_security_group.web", configuration, variables);

  test.each([
    ["a constant", into(calls({ inline: { constant_value: [BLOCK] } })), 0],
    ["what other resources give", into(calls({ inline: { references: ["aws_vpc.a.id", "aws_vpc.a"] } })), 0],
    [
      "a variable of the root",
      into(calls({ inline: { references: ["var.all"] } }), { all: { value: [] } }),
      0,
    ],
    [
      "a variable of the root that is null",
      into(calls({ inline: { references: ["var.all"] } }), { all: {} }),
      1,
    ],
    ["the default", into(calls({}, { inline: { default: [] } })), 0],
    ["a default that is null", into(calls({}, { inline: { default: null } })), 1],
    ["null", into(calls({ inline: {} })), 1],
    ["a rule of AWS that no block declares", into({ resources: [{ address: "aws_security_group.web" }] }), 1],
  ])("the blocks are %s", async (_, text, status) => {
    const said = await checked(text);
    expect(said.status).toBe(status);
    expect(said.stdout).toContain(
      status === 0
        ? "0 imported, 1 moved, 1 forgotten"
        : "none of these plans imports it, holds it or has it as a block",
    );
  });

  test("an undo gives it back to blocks of the root", async () => {
    const resources = (expressions: Json) => ({
      resources: [{ address: "aws_security_group.web", expressions }],
    });
    const back = (expressions: Json) =>
      moving("aws_security_group.web", "module.web.aws_security_group.this", resources(expressions));
    const blocks = await checked(back({ ingress: [{ protocol: { constant_value: "tcp" } }] }));
    expect(blocks).toMatchObject({ status: 0 });
    expect(blocks.stdout).not.toContain("in place:");
    // Dynamic blocks are not in a plan.
    const { status, stdout } = await checked(back({}));
    expect(status).toBe(0);
    expect(stdout).toContain("the group must have it as a `dynamic` block, which a plan does not show");
  });

  test("a new root that imports the group and reports its rules does not take them over", async () => {
    const imported = plan([
      change(GROUP, "this", { actions: ["no-op"], before: live, after: live, id: sg(1) }),
    ]);
    const old = plan([
      change(GROUP, "web", { actions: ["forget"], before: live }),
      change(INGRESS, "https", { actions: ["forget"], before: HTTPS }),
    ]);
    const { status, stdout } = await checked(imported, old);
    expect(status).toBe(1);
    expect(stdout).toContain("aws_vpc_security_group_ingress_rule.https would be forgotten");
  });
});
