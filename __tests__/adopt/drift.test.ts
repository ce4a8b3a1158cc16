import { describe, expect, test } from "vitest";
import type { Json } from "../../io/json";
import { adoptedWith } from "./support/adopted";
import { listings, type Rule } from "./support/listings";
import { classic, group, ingress, resource, sg, state, VPC } from "./support/state";

const GROUP = "aws_security_group";
const CLASSIC = "aws_security_group_rule";
const INGRESS = "aws_vpc_security_group_ingress_rule";
const EGRESS = "aws_vpc_security_group_egress_rule";

/** A root whose groups have rules in each form; the blocks are those of `blocks`. */
const ROOT = `resource "aws_security_group" "blocks" {
  name   = "blocks"
  vpc_id = "${VPC}"
  ingress {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["10.0.0.0/8", "10.9.0.0/16"]
    self        = true
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
`;
const BLOCK = {
  from_port: 0,
  to_port: 0,
  cidr_blocks: [],
  ipv6_cidr_blocks: [],
  prefix_list_ids: [],
  security_groups: [],
  self: false,
  description: "",
};
const RESOURCES = [
  resource(
    GROUP,
    "blocks",
    group(sg(1), "blocks", {
      ingress: [
        {
          ...BLOCK,
          protocol: "tcp",
          from_port: 80,
          to_port: 80,
          cidr_blocks: ["10.0.0.0/8", "10.9.0.0/16"],
          self: true,
        },
      ],
      egress: [{ ...BLOCK, protocol: "-1", cidr_blocks: ["0.0.0.0/0"] }],
    }),
  ),
  resource(
    GROUP,
    "classic",
    group(sg(2), "classic", { tags: { Team: "a" }, tags_all: { Team: "a", Owner: "x" } }),
  ),
  resource(GROUP, "single", group(sg(3), "single")),
  resource(
    CLASSIC,
    "several",
    classic(sg(2), {
      cidr_blocks: ["10.1.0.0/16", "10.2.0.0/16"],
      ipv6_cidr_blocks: ["2001:DB8::/32"],
      prefix_list_ids: ["pl-1"],
      description: "Several",
    }),
  ),
  resource(
    CLASSIC,
    "own",
    classic(sg(2), { self: true, source_security_group_id: sg(2), description: null }),
  ),
  resource(
    CLASSIC,
    "ping",
    classic(sg(2), { protocol: "icmp", from_port: -1, to_port: -1, cidr_blocks: ["10.0.0.0/8"] }),
  ),
  resource(
    CLASSIC,
    "esp",
    classic(sg(2), { protocol: "50", from_port: 0, to_port: 0, cidr_blocks: ["10.0.0.0/8"] }),
  ),
  resource(
    CLASSIC,
    "named",
    classic(sg(2), { protocol: "6", from_port: 25, to_port: 25, source_security_group_id: sg(3) }),
  ),
  resource(
    INGRESS,
    "https",
    ingress("sgr-31", sg(3), {
      cidr_ipv4: "10.0.0.0/8",
      description: "Web",
      tags: { A: "b" },
      tags_all: { A: "b" },
    }),
  ),
  resource(
    INGRESS,
    "other",
    ingress("sgr-32", sg(3), { referenced_security_group_id: `444455556666/${sg(9)}` }),
  ),
  resource(
    EGRESS,
    "all",
    ingress("sgr-33", sg(3), { ip_protocol: "-1", from_port: null, to_port: null, cidr_ipv4: "0.0.0.0/0" }),
  ),
  // A list of this state: rules name it by its id.
  resource("aws_ec2_managed_prefix_list", "own", { id: "pl-2", address_family: "IPv4", max_entries: 1 }),
  resource(EGRESS, "list", ingress("sgr-34", sg(3), { prefix_list_id: "pl-2" })),
];

const LIVE: readonly Rule[] = [
  { id: "sgr-11", on: sg(1), ports: [80, 80], cidr: "10.0.0.0/8" },
  { id: "sgr-12", on: sg(1), ports: [80, 80], cidr: "10.9.0.0/16" },
  { id: "sgr-13", on: sg(1), ports: [80, 80], group: sg(1) },
  { id: "sgr-14", on: sg(1), egress: true, protocol: "-1", cidr: "0.0.0.0/0" },
  { id: "sgr-21", on: sg(2), ports: [443, 443], cidr: "10.1.0.0/16", description: "Several" },
  { id: "sgr-22", on: sg(2), ports: [443, 443], cidr: "10.2.0.0/16", description: "Several" },
  { id: "sgr-23", on: sg(2), ports: [443, 443], cidr6: "2001:db8::/32", description: "Several" },
  { id: "sgr-24", on: sg(2), ports: [443, 443], list: "pl-1", description: "Several" },
  { id: "sgr-25", on: sg(2), ports: [443, 443], group: sg(2) },
  { id: "sgr-26", on: sg(2), protocol: "icmp", ports: [-1, -1], cidr: "10.0.0.0/8" },
  { id: "sgr-27", on: sg(2), protocol: "50", cidr: "10.0.0.0/8" },
  { id: "sgr-28", on: sg(2), ports: [25, 25], group: sg(3) },
  { id: "sgr-31", on: sg(3), ports: [443, 443], cidr: "10.0.0.0/8", description: "Web", tags: { A: "b" } },
  { id: "sgr-32", on: sg(3), ports: [443, 443], group: sg(9), account: "444455556666" },
  { id: "sgr-33", on: sg(3), egress: true, protocol: "-1", cidr: "0.0.0.0/0" },
  { id: "sgr-34", on: sg(3), egress: true, ports: [443, 443], list: "pl-2" },
  // Whom a controller makes: no drift.
  {
    id: "sgr-35",
    on: sg(3),
    ports: [8080, 8080],
    group: sg(8),
    description: "elbv2.k8s.aws/targetGroupBinding=shared",
  },
];
const NAMES = { [sg(1)]: "blocks", [sg(2)]: "classic", [sg(3)]: "single" };
const TAGS = {
  [sg(2)]: {
    Tags: [
      { Key: "Team", Value: "a" },
      { Key: "Owner", Value: "x" },
    ],
  },
};

/** Adopts the estate with these lists beside its state and its folder. */
function adoptedBeside(
  live: readonly Rule[],
  words: readonly string[] = [],
  {
    more = TAGS,
    lists = ["groups.json", "rules.json"],
  }: { more?: Record<string, Json>; lists?: string[] } = {},
) {
  return adoptedWith({ "state.json": state(...RESOURCES), "main.tf": ROOT, ...listings(NAMES, live, more) }, [
    "state.json",
    ".",
    ...lists,
    "--into",
    "out",
    ...words,
  ]);
}

const without = (...ids: string[]) => LIVE.filter(({ id }) => !ids.includes(id));
const changed = (id: string, more: Partial<Rule>) =>
  LIVE.map((rule) => (rule.id === id ? { ...rule, ...more } : rule));

describe("what AWS lists beside a state", () => {
  test.each([
    ["both lists", ["groups.json", "rules.json"]],
    ["groups alone", ["groups.json"]],
    ["rules alone", ["rules.json"]],
  ])("is no drift where it is the same in each form of rules: %s", async (_, lists) => {
    const { status, stdout } = await adoptedBeside(LIVE, [], { lists });
    expect(stdout).not.toMatch(/drift|not compared/);
    expect(stdout).toContain(
      "8080 from sg-0a1b2c3d4e5f60008 on aws_security_group.single: the load balancer controller makes it",
    );
    expect(status).toBe(0);
  });

  test.each<[string, readonly Rule[], string, string]>([
    [
      "a rule made by hand",
      [...LIVE, { id: "sgr-99", on: sg(3), ports: [22, 22], cidr: "0.0.0.0/0" }],
      "single",
      "ingress TCP 22 from 0.0.0.0/0 is new (sgr-99)",
    ],
    ["a rule that is gone", without("sgr-31"), "single", "ingress TCP 443 from 10.0.0.0/8 is gone"],
    [
      "a source of a classic rule that is gone",
      without("sgr-22"),
      "classic",
      "ingress TCP 443 from 10.2.0.0/16 is gone",
    ],
    [
      "a source of a block that is gone",
      without("sgr-12"),
      "blocks",
      "ingress TCP 80 from 10.9.0.0/16 is gone",
    ],
    [
      "a rule beside blocks",
      [...LIVE, { id: "sgr-99", on: sg(1), ports: [22, 22], list: "pl-1" }],
      "blocks",
      "ingress TCP 22 from prefix list pl-1 is new",
    ],
    [
      "other ports",
      changed("sgr-28", { ports: [26, 26] }),
      "classic",
      "ingress TCP 26 from sg-0a1b2c3d4e5f60003 is new",
    ],
    [
      "another description",
      changed("sgr-31", { description: "WWW" }),
      "single",
      'ingress TCP 443 from 10.0.0.0/8 has the description "WWW", not "Web"',
    ],
    [
      "no description any more",
      without("sgr-31").concat({
        id: "sgr-31",
        on: sg(3),
        ports: [443, 443],
        cidr: "10.0.0.0/8",
        tags: { A: "b" },
      }),
      "single",
      'ingress TCP 443 from 10.0.0.0/8 has the description none, not "Web"',
    ],
    [
      "other tags of a rule",
      changed("sgr-31", { tags: { A: "c" } }),
      "single",
      "sgr-31 (aws_vpc_security_group_ingress_rule.https) has other tags",
    ],
  ])("%s: the group is left, with its rules, and the exit code is 3", async (_, live, name, difference) => {
    const { status, stdout, calls, json } = await adoptedBeside(live);
    expect(stdout).toMatch(new RegExp(`^drift aws_security_group\\.${name} `));
    expect(stdout).toContain(`  ${difference}`);
    expect(stdout).toContain(
      `LEFT aws_security_group.${name}: it drifted, and nobody said which side is right`,
    );
    expect(Object.keys(calls())).toStrictEqual(["blocks", "classic", "single"].filter((one) => one !== name));
    expect(JSON.stringify(json("out/adopted.tf.json")["moved"])).not.toContain(`aws_security_group.${name}"`);
    expect(status).toBe(3);
  });

  test("tags of the group: changed, new and gone", async () => {
    const more = {
      [sg(2)]: {
        Tags: [
          { Key: "Team", Value: "b" },
          { Key: "New", Value: "" },
          { Key: "aws:x", Value: "y" },
        ],
      },
    };
    const { stdout, status } = await adoptedBeside(LIVE, [], { more });
    expect(stdout).toContain('  its tag Team is "b", not "a"\n');
    expect(stdout).toContain("  its tag New is new, or one that the provider ignores (ignore_tags)\n");
    expect(stdout).toContain("  its tag Owner is gone\n");
    expect(stdout).not.toContain("aws:x");
    expect(status).toBe(3);
    const live = await adoptedBeside(LIVE, ["--accept", "drift=live"], { more });
    expect(live.calls()["classic"]?.["tags"]).toStrictEqual({ Team: "b", New: "" });
    const configuration = await adoptedBeside(LIVE, ["--accept", "drift=configuration"], { more });
    expect(configuration.calls()["classic"]?.["tags"]).toStrictEqual({ Team: "a" });
    expect([live.status, configuration.status]).toStrictEqual([0, 0]);
  });

  test("--accept drift=live: what AWS has is written, rules made by hand are imported, and what is gone is not written", async () => {
    const { status, stdout, calls, json } = await adoptedBeside(
      [
        ...changed("sgr-31", { description: "WWW", tags: { A: "c" } }).filter(
          ({ id }) => !["sgr-12", "sgr-22", "sgr-32"].includes(id),
        ),
        { id: "sgr-91", on: sg(1), ports: [22, 22], cidr6: "2001:db8::/32", description: "By hand" },
        { id: "sgr-92", on: sg(2), ports: [22, 22], cidr: "10.0.0.0/8" },
        { id: "sgr-93", on: sg(3), ports: [22, 22], group: sg(2) },
      ],
      ["--accept", "drift=live"],
    );
    const { blocks, classic: old, single } = calls();
    expect(blocks?.["inline_ingress"]).toStrictEqual([
      { protocol: "tcp", from_port: 80, to_port: 80, cidr_blocks: ["10.0.0.0/8"], self: true },
      {
        protocol: "tcp",
        from_port: 22,
        to_port: 22,
        ipv6_cidr_blocks: ["2001:db8::/32"],
        description: "By hand",
      },
    ]);
    expect(old?.["classic_rules"]).toMatchObject({
      several: {
        cidr_blocks: ["10.1.0.0/16"],
        ipv6_cidr_blocks: ["2001:db8::/32"],
        prefix_list_ids: ["pl-1"],
        description: "Several",
      },
      tcp_22_from_10_0_0_0_8: { type: "ingress", from_port: 22, cidr_blocks: ["10.0.0.0/8"] },
    });
    expect(single?.["ingress"]).toStrictEqual({
      https: {
        ip_protocol: "tcp",
        from_port: 443,
        to_port: 443,
        cidr_ipv4: "10.0.0.0/8",
        description: "WWW",
        tags: { A: "c" },
      },
      tcp_22_from_classic: {
        ip_protocol: "tcp",
        from_port: 22,
        to_port: 22,
        referenced_security_group_id: "${module.classic.security_group_id}",
      },
    });
    const { import: imports, moved } = json("out/adopted.tf.json") as {
      import: { id: string }[];
      moved: { from: string }[];
    };
    expect(imports.map(({ id }) => id).sort()).toStrictEqual([
      `${sg(2)}_ingress_tcp_22_22_10.0.0.0/8`,
      // Of a classic rule that lost a source the provider finds nothing: what is left of it is imported.
      `${sg(2)}_ingress_tcp_443_443_10.1.0.0/16_2001:db8::/32_pl-1`,
      "sgr-93",
    ]);
    expect(moved.map(({ from }) => from)).not.toContain("aws_security_group_rule.several");
    expect(json("out/undo/undo.tf.json")["removed"]).toHaveLength(3);
    expect(stdout).toContain(
      "left aws_vpc_security_group_ingress_rule.other: AWS has it no more: delete its block with the others",
    );
    expect(status).toBe(0);
  });

  test("--accept drift=configuration: what Terraform knows is written, and rules made by hand stay", async () => {
    const { status, stdout, calls } = await adoptedBeside(
      [
        ...changed("sgr-31", { description: "WWW" }),
        { id: "sgr-93", on: sg(3), ports: [22, 22], group: sg(2) },
      ],
      ["--accept", "drift=configuration"],
    );
    expect(calls()["single"]?.["ingress"]).toMatchObject({ https: { description: "Web" } });
    expect(JSON.stringify(calls())).not.toContain("tcp_22");
    expect(stdout).toContain(
      "left sgr-93: ingress TCP 22 from sg-0a1b2c3d4e5f60002 on aws_security_group.single was made by hand",
    );
    expect(status).toBe(0);
    // What is gone it cannot bring back: an adoption creates nothing.
    const gone = await adoptedBeside(without("sgr-31"), ["--accept", "drift=configuration"]);
    expect(gone.stdout).toContain(
      "LEFT aws_security_group.single: AWS lacks 1 rule of it, and an adoption creates nothing: apply today's configuration first",
    );
    expect(gone.status).toBe(3);
    // Nor can Terraform, where AWS has a part of a classic rule.
    const partly = await adoptedBeside(without("sgr-22"), ["--accept", "drift=configuration"]);
    expect(partly.stdout).toContain(
      "LEFT aws_security_group.classic: AWS lacks 1 rule of it, and an adoption creates nothing. AWS has the other sources of aws_security_group_rule.several, so that it refuses to make them all again (InvalidPermission.Duplicate): add what is gone by `aws ec2 authorize-security-group-…`, or accept drift=live",
    );
    expect(partly.status).toBe(3);
  });

  test.each<[string, readonly Rule[], string]>([
    [
      "a rule beside blocks, which they would remove",
      [...LIVE, { id: "sgr-99", on: sg(1), ports: [22, 22], list: "pl-1" }],
      "its blocks would remove 1 rule made by hand",
    ],
    [
      "another description in a block, for which its rule would be removed and added again",
      changed("sgr-11", { description: "WWW" }),
      "Terraform would remove 1 rule of its blocks and add it again",
    ],
  ])("--accept drift=configuration leaves a group with %s", async (_, live, reason) => {
    const { status, stdout, calls } = await adoptedBeside(live, ["--accept", "drift=configuration"]);
    expect(stdout).toContain(`LEFT aws_security_group.blocks: ${reason}`);
    expect(Object.keys(calls())).toStrictEqual(["classic", "single"]);
    expect(status).toBe(3);
    const asLive = await adoptedBeside(live, ["--accept", "drift=live"]);
    expect(Object.keys(asLive.calls())).toContain("blocks");
    expect(asLive.status).toBe(0);
  });

  test("one group is answered for itself, and the page shows drift before the steps", async () => {
    const { status, written, calls, json } = await adoptedBeside(without("sgr-31", "sgr-22"), [
      "--answer",
      `drift.${sg(3)}=live`,
    ]);
    expect(Object.keys(calls())).toStrictEqual(["blocks", "single"]);
    expect(written["out/adoption.md"]).toMatch(
      /## Drift[\s\S]*`aws_security_group.classic`[\s\S]*is gone[\s\S]*## Steps/,
    );
    expect(json("out/adoption.json")["drift"]).toStrictEqual([
      {
        address: "aws_security_group.classic",
        id: sg(2),
        differences: ["ingress TCP 443 from 10.2.0.0/16 is gone"],
      },
      {
        address: "aws_security_group.single",
        id: sg(3),
        differences: ["ingress TCP 443 from 10.0.0.0/8 is gone"],
        side: "live",
      },
    ]);
    expect(status).toBe(3);
  });

  test("a group that is not listed is adopted, and it is said that it was not compared", async () => {
    const { status, stdout } = await adoptedBeside(
      LIVE.filter(({ on }) => on === sg(3)),
      [],
      { lists: ["rules.json"] },
    );
    expect(stdout).toContain(
      "not compared, because AWS does not list it: aws_security_group.blocks, aws_security_group.classic\n",
    );
    expect(status).toBe(0);
  });

  test("tags that the provider leaves out of a state tell who manages a group", async () => {
    const { stdout } = await adoptedBeside(LIVE, [], {
      more: { ...TAGS, [sg(3)]: { Tags: [{ Key: "aws:cloudformation:stack-name", Value: "x" }] } },
    });
    expect(stdout).toContain("left aws_security_group.single: a stack of CloudFormation manages it");
  });

  test.each([
    [
      "drift=life",
      "--accept takes tags, descriptions, drift=live, drift=configuration (given: drift=life; did you mean drift=live?)",
    ],
    ["drift=live,drift=configuration", "--accept drift takes one side: live or configuration"],
  ])("--accept %s: one sentence, and the exit code 2", async (what, sentence) => {
    const { status, stderr } = await adoptedBeside(LIVE, ["--accept", what]);
    expect(stderr).toContain(sentence);
    expect(status).toBe(2);
  });
});
