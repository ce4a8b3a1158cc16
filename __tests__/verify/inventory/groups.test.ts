import { describe, expect, test } from "vitest";
import { takeInventory } from "../../../verify/inventory";
import { inputOf, type Resources } from "../support/input";

const RULE = { type: "ingress", protocol: "-1", from_port: 0, to_port: 0 };

function inventoryOf(resources: Resources) {
  return takeInventory(inputOf(resources));
}

describe("which group it is", () => {
  test("a declared group is its address, whatever names it", () => {
    const { groups, rules } = takeInventory(
      inputOf(
        {
          "aws_security_group.pods": { id: "sg-1", name: "pods", vpc_id: "vpc-1", tags: { Name: "x" } },
          "aws_security_group_rule.a": { ...RULE, security_group_id: "sg-1", self: true },
          "aws_security_group_rule.b": {
            ...RULE,
            security_group_id: "${aws_security_group.pods.id}",
            self: true,
          },
        },
        { kind: "plan" },
      ),
    );
    expect(rules.map(({ group }) => group)).toStrictEqual([
      "aws_security_group.pods",
      "aws_security_group.pods",
    ]);
    expect([...groups.values()]).toMatchObject([
      { key: "aws_security_group.pods", knowledge: "all", name: "pods", vpc: "vpc-1", tags: { Name: "x" } },
    ]);
  });

  test("the default group of a VPC is the one that is declared for it", () => {
    const { rules } = inventoryOf({
      "aws_default_security_group.x": { vpc_id: "${aws_vpc.main.id}" },
      "aws_security_group_rule.a": {
        ...RULE,
        security_group_id: "${aws_vpc.main.default_security_group_id}",
        self: true,
      },
    });
    expect(rules).toMatchObject([{ group: "aws_default_security_group.x" }]);
  });

  test("any other group is foreign, with what names it", () => {
    const { groups } = inventoryOf({
      "data.aws_security_group.db": {},
      "aws_security_group_rule.a": {
        ...RULE,
        security_group_id: "${data.aws_security_group.db.id}",
        source_security_group_id: "sg-9",
      },
    });
    expect([...groups.values()].map(({ key, knowledge }) => [key, knowledge])).toStrictEqual([
      ["data.aws_security_group.db.id", "some"],
      ["sg-9", "some"],
    ]);
  });

  test("in a plan, what is known after apply is one of the groups that are created", () => {
    const { rules } = takeInventory(
      inputOf(
        {
          "aws_security_group.new": { name: "new" },
          "aws_security_group.old": { name: "old", id: "sg-1" },
          "aws_security_group_rule.a": {
            ...RULE,
            security_group_id: "${aws_security_group_rule.a.security_group_id}",
            source_security_group_id: "${aws_security_group_rule.a.source_security_group_id}",
          },
          "aws_security_group_rule.cidr": {
            ...RULE,
            security_group_id: "sg-1",
            cidr_blocks: ["10.0.0.0/8"],
            source_security_group_id: "${aws_security_group_rule.cidr.source_security_group_id}",
          },
        },
        { kind: "plan" },
      ),
    );
    expect(rules[0]?.group).toBeUndefined();
    expect(rules[0]?.peer).toMatchObject({ kind: "unknown", candidates: ["aws_security_group.new"] });
    expect(rules.slice(1).map(({ peer }) => peer)).toStrictEqual([{ kind: "cidr", cidr: "10.0.0.0/8" }]);
  });

  test.each(["aws_eks_cluster.main", "aws_vpc.main"])(
    "is any group where %s will be created, which makes one of its own",
    (address) => {
      const { rules } = takeInventory(
        inputOf(
          {
            "aws_security_group.new": { name: "new" },
            [address]: {},
            "aws_security_group_rule.a": {
              ...RULE,
              security_group_id: "sg-1",
              source_security_group_id: "${aws_security_group_rule.a.source_security_group_id}",
            },
          },
          { kind: "plan" },
        ),
      );
      expect(rules[0]?.peer).toMatchObject({ kind: "unknown", candidates: [], isGroup: true });
    },
  );
});

describe("a group that somebody names", () => {
  const input = inputOf(
    {
      "module.a.aws_security_group.pods": {},
      "aws_security_group.pods": { id: "sg-1" },
    },
    { expressions: { "module.a.var.worker": "sg-0b", "local.pods": "sg-1" } },
  );
  const inventory = takeInventory(input);

  test.each([
    ["an address", "aws_security_group.pods", "", "aws_security_group.pods"],
    ["an address in a module", "aws_security_group.pods", "module.a", "module.a.aws_security_group.pods"],
    [
      "an absolute address",
      "module.a.aws_security_group.pods",
      "module.a",
      "module.a.aws_security_group.pods",
    ],
    ["an id of a declared group", "sg-1", "", "aws_security_group.pods"],
    ["a reference", "aws_security_group.pods.id", "module.a", "module.a.aws_security_group.pods"],
    ["a local that is known", "local.pods", "", "aws_security_group.pods"],
    ["a variable that is known", "var.worker", "module.a", "sg-0b"],
    ["a variable that is not", ' var.groups["x"] ', "", 'var.groups["x"]'],
  ])("by %s", (_, expression, module, key) => {
    expect(inventory.resolveGroup(expression, module)).toBe(key);
    expect(inventory.groups.has(key)).toBe(true);
  });
});

describe("forms", () => {
  test("a group knows in which form its rules stand", () => {
    const { groups } = inventoryOf({
      "aws_security_group.x": { egress: [{ protocol: "-1", from_port: 0, to_port: 0, self: true }] },
      "aws_vpc_security_group_ingress_rule.a": {
        security_group_id: "${aws_security_group.x.id}",
        ip_protocol: "-1",
        cidr_ipv4: "10.0.0.0/8",
      },
    });
    expect([...(groups.get("aws_security_group.x")?.forms ?? [])].sort()).toStrictEqual([
      "inline",
      "per-rule",
    ]);
  });

  test("live rules of a state that no resource declares are inline", () => {
    const live = { protocol: "tcp", from_port: 1, to_port: 1, cidr_blocks: ["10.0.0.0/8", "11.0.0.0/8"] };
    const { rules } = takeInventory(
      inputOf(
        {
          "aws_security_group.x": { id: "sg-1", ingress: [live] },
          "aws_security_group_rule.a": {
            ...live,
            type: "ingress",
            security_group_id: "sg-1",
            cidr_blocks: ["10.0.0.0/8"],
          },
        },
        { kind: "state" },
      ),
    );
    expect(rules.map(({ address, form, peer }) => [address, form, peer])).toStrictEqual([
      ["aws_security_group.x.ingress[0]", "inline", { kind: "cidr", cidr: "11.0.0.0/8" }],
      ["aws_security_group_rule.a", "classic", { kind: "cidr", cidr: "10.0.0.0/8" }],
    ]);
  });
});
