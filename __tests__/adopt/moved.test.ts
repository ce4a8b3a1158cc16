import { describe, expect, test } from "vitest";
import type { Json } from "../../io/json";
import { adoptedWith } from "./support/adopted";
import { group, ingress, resource, sg, state, VPC } from "./support/state";

const GROUP = "aws_security_group";
const INGRESS = "aws_vpc_security_group_ingress_rule";

const WEB = `resource "aws_security_group" "this" {
  name   = "web"
  vpc_id = "${VPC}"
}

moved {
  from = aws_security_group.before
  to   = aws_security_group.this
}
`;

/** A root whose team has moved its groups before: renamed one twice, given one a key, and one into a module. */
const ROOT = `resource "aws_security_group" "orders" {
  name   = "orders"
  vpc_id = "${VPC}"
}

resource "aws_security_group" "keyed" {
  for_each = toset(["a b"])
  name     = each.key
  vpc_id   = "${VPC}"
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.orders.id
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

module "web" {
  for_each = toset(["p"])
  source   = "./web"
}

moved {
  from = module.orders.aws_security_group.this
  to   = aws_security_group.first
}

moved {
  from = aws_security_group.first
  to   = aws_security_group.orders
}

moved {
  from = aws_security_group.keyed
  to   = aws_security_group.keyed["a b"]
}

moved {
  from = module.web
  to   = module.web["p"]
}
`;

const STATE = state(
  resource(GROUP, "orders", group(sg(1), "orders")),
  resource(INGRESS, "https", ingress("sgr-1", sg(1), { cidr_ipv4: "10.0.0.0/8" })),
  resource(GROUP, "keyed", { "a b": group(sg(2), "a b") }),
  resource(GROUP, "this", group(sg(3), "web"), 'module.web["p"]'),
);

const FILES = { "infra/main.tf": ROOT, "infra/web/main.tf": WEB, "infra/terraform.tfstate": STATE };

/** Where blocks lead from an address in the end, one after the other. */
function endOf(blocks: readonly Json[], address: string): string {
  const next = blocks.find(({ from }) => from === address)?.["to"];
  return next === undefined ? address : endOf(blocks, String(next));
}

describe("a configuration whose objects were moved before", () => {
  const adopted = async () => {
    const { status, stderr, json } = await adoptedWith(FILES, ["infra", "--into", "out"]);
    expect(status, stderr).toBe(0);
    return {
      adopted: json("out/adopted.tf.json"),
      undo: json("out/undo/undo.tf.json")["moved"] as readonly Json[],
    };
  };

  test("gets no call of the name of one from which something moved: Terraform refuses moves in a circle", async () => {
    const { module, moved } = (await adopted()).adopted as { module: Json; moved: readonly Json[] };
    expect(Object.keys(module).sort()).toStrictEqual(["a_b", "orders_2", "web_2"]);
    expect(moved).toContainEqual({
      from: "aws_security_group.orders",
      to: "module.orders_2.aws_security_group.this",
    });
  });

  test("can be undone: nothing comes from two addresses, whether or not its own blocks are there", async () => {
    const { undo } = await adopted();
    const own = [
      ["module.orders.aws_security_group.this", "aws_security_group.first"],
      ["aws_security_group.first", "aws_security_group.orders"],
      ["aws_security_group.keyed", 'aws_security_group.keyed["a b"]'],
      ['module.web["p"].aws_security_group.before', 'module.web["p"].aws_security_group.this'],
    ].map(([from, to]) => ({ from, to }));
    const sources = (blocks: readonly Json[]) =>
      new Map(
        blocks.map(({ to }) => [
          to,
          new Set(blocks.filter((one) => one["to"] === to).map((one) => one["from"])),
        ]),
      );
    expect([...sources([...undo, ...own]).values()].filter(({ size }) => size > 1)).toStrictEqual([]);
    expect(endOf(undo, "module.orders_2.aws_security_group.this")).toBe("aws_security_group.orders");
    expect(endOf(undo, "module.a_b.aws_security_group.this")).toBe('aws_security_group.keyed["a b"]');
    expect(endOf(undo, "module.web_2.aws_security_group.this")).toBe(
      'module.web["p"].aws_security_group.this',
    );
    expect(endOf(undo, 'module.orders_2.aws_vpc_security_group_ingress_rule.ingress["https"]')).toBe(
      "aws_vpc_security_group_ingress_rule.https",
    );
  });

  test("that is written as JSON, or says that objects were let go, is read the same", async () => {
    const json = JSON.stringify({
      resource: { aws_security_group: { x: { name: "orders", vpc_id: VPC } } },
      moved: [{ from: "aws_security_group.old", to: "aws_security_group.x" }],
      removed: { from: "module.orders", lifecycle: { destroy: false } },
    });
    const text = state(resource(GROUP, "x", group(sg(1), "orders")));
    const files = { "infra/main.tf.json": json, "infra/terraform.tfstate": text };
    const { written } = await adoptedWith(files, ["infra", "--into", "out"]);
    expect(JSON.parse(written["out/undo/undo.tf.json"] ?? "{}")).toStrictEqual({
      moved: [
        { from: "module.orders_2.aws_security_group.this", to: "aws_security_group.old" },
        { from: "aws_security_group.old", to: "aws_security_group.x" },
      ],
    });
  });
});
