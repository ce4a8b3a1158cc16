import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Input } from "../../../verify/read/model";
import { read, refusal, shown } from "./support/configuration";
import { EVALUATED, REFUSED } from "./support/expressions";

const CONFIGURATION = {
  "main.tf.json": {
    variable: {
      name: { default: "orders" },
      vpc_id: {},
      security_groups: {},
      ports: { default: { http: 80, https: 443 } },
      list: { default: ["b", "a", "b"] },
      flag: { default: true },
    },
    locals: {
      greeting: "hello ${var.name}",
      groups: { worker: "${var.security_groups.worker}", fixed: "sg-0123456789abcdef0" },
      worker: '${var.security_groups["worker"]}',
      circle: "${local.round}",
      round: "${local.circle}",
      escaped: "$${var.name} and %%{if}",
    },
    data: { aws_vpc: { main: {} } },
    resource: {
      aws_security_group: {
        pods: { name: "${var.name}-for-pods", vpc_id: "${data.aws_vpc.main.id}" },
        each: { for_each: "${toset(var.list)}", name: "group-${each.key}" },
        twice: { count: 2, name: "number-${count.index}" },
        unsure: { for_each: "${var.security_groups}", name: "${each.key}" },
      },
      aws_eks_cluster: { main: { name: "main", vpc_config: { subnet_ids: ["subnet-1"] } } },
    },
    module: { far: { source: "example/far/aws" } },
  },
};

let input: Input;
beforeEach(async () => {
  input = await read(CONFIGURATION);
});

const evaluated = (expression: string) => shown(input.evaluate(expression));

describe("an expression whose parts are known", () => {
  it.each<[string, unknown]>([
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["10 - 2 - 3", 5],
    ["7 % 4 / 2", 1.5],
    ["-3 + 1", -2],
    ['"80" + 1', 81],
    ["1.5e2", 150],
    ["!false", true],
    ["1 < 2 && 2 >= 2", true],
    ["1 > 2 || 2 <= 1", false],
    ['"a" == "a"', true],
    ['1 == "1"', false],
    ['[1, "a"] != [1, "a"]', false],
    ['toset(["b", "a"]) == toset(["a", "b"])', true],
    ['split(",", "a,b") == ["a"]', false],
    ["tolist([1, 2]) != [1]", true],
    ["{a = 1, b = 2} == {b = 2, a = 1}", true],
    ["var.flag ? 1 : 2", 1],
    ["false ? 1 : true ? 2 : 3", 2],
    ["null", null],
    ['"x${var.name}y"', "xordersy"],
    ['"a\\"b\\u00e9\\n"', 'a"bé\n'],
    ['"${~ "a" ~}  b"', "ab"],
    ['"$${a}"', "${a}"],
    ['"n${1 + 1}${true}"', "n2true"],
    ["[1, 2, ]", [1, 2]],
    ['{ a = 1, "b" : 2, (var.name) = 3 }', { a: 1, b: 2, orders: 3 }],
    ["{\n a = 1 # one\n b = 2 // two\n /* three */ }", { a: 1, b: 2 }],
    ["var.ports.http", 80],
    ['var.ports["https"]', 443],
    ["var.list[1]", "a"],
    ["var.list.0", "b"],
    ["local.greeting", "hello orders"],
    ["local.escaped", "${var.name} and %{if}"],
    ["local.groups.fixed", "sg-0123456789abcdef0"],
    ["aws_security_group.pods.name", "orders-for-pods"],
    ['aws_security_group.each["a"].name', "group-a"],
    ["aws_security_group.twice[1].name", "number-1"],
    ["aws_eks_cluster.main.vpc_config[0].subnet_ids[0]", "subnet-1"],
    ["toset(var.list)", ["a", "b"]],
    ["tomap(var.ports)", { http: 80, https: 443 }],
    ["tolist(var.list)", ["b", "a", "b"]],
    ["concat([1], [], [2, 3])", [1, 2, 3]],
    ["concat([[1], [2]]...)", [1, 2]],
    ["merge({a = 1, b = 1}, {b = 2}, null)", { a: 1, b: 2 }],
    ["keys(var.ports)", ["http", "https"]],
    ["values({b = 1, a = 2})", [2, 1]],
    ["keys(aws_security_group.each)", ["a", "b"]],
    ["flatten([[1, [2]], 3])", [1, 2, 3]],
    ['lookup(var.ports, "http", 1)', 80],
    ['lookup(var.ports, "ssh", 22)', 22],
    ['format("%s-%03d %q 100%%", "a", 7, "b")', 'a-007 "b" 100%'],
    ['join(",", ["a"], ["b", 1])', "a,b,1"],
    ['jsonencode({b = [1, true, null], a = "<&>"})', '{"a":"\\u003c\\u0026\\u003e","b":[1,true,null]}'],
    ['cidrsubnet("10.0.0.0/16", 8, 5)', "10.0.5.0/24"],
    ['cidrsubnet("10.1.2.3/16", 4, 15)', "10.1.240.0/20"],
    ['cidrsubnet("2001:db8::/56", 8, 255)', "2001:db8:0:ff::/64"],
    // One side can decide.
    ["var.vpc_id == null && false", false],
    ["true || var.vpc_id == null", true],
  ])("%s", (expression, value) => {
    expect(evaluated(expression)).toEqual(value);
  });
});

describe("an expression means what it means to Terraform", () => {
  it.each(EVALUATED)("%s", (expression, value) => {
    expect(evaluated(expression)).toEqual(value);
  });

  it.each(REFUSED)("%s is refused, which try and can see", (expression) => {
    expect(evaluated(`try(${expression}, "fallback")`)).toBe("fallback");
    expect(evaluated(`can(${expression})`)).toBe(false);
  });
});

describe("an expression with unknown parts is known as far as these do not matter", () => {
  it.each<[string, unknown]>([
    [
      "aws_security_group.twice[*].id",
      ["<aws_security_group.twice[0].id>", "<aws_security_group.twice[1].id>"],
    ],
    ["aws_security_group.twice.*.id[1]", "<aws_security_group.twice[1].id>"],
    [
      "values(aws_security_group.each)[*].id",
      ['<aws_security_group.each["a"].id>', '<aws_security_group.each["b"].id>'],
    ],
    [
      "[for g in aws_security_group.each : g.id]",
      ['<aws_security_group.each["a"].id>', '<aws_security_group.each["b"].id>'],
    ],
    [
      "[for c in aws_eks_cluster.main.vpc_config : c.cluster_security_group_id]",
      ["<aws_eks_cluster.main.vpc_config[0].cluster_security_group_id>"],
    ],
    [
      "one(aws_eks_cluster.main.vpc_config).cluster_security_group_id",
      "<aws_eks_cluster.main.vpc_config[0].cluster_security_group_id>",
    ],
    ["{ for k, v in { a = var.vpc_id, b = null } : k => v if k != null }", { a: "<var.vpc_id>", b: null }],
    [
      "{ for k, v in { a = var.vpc_id, b = null } : k => { id = v }... }",
      { a: [{ id: "<var.vpc_id>" }], b: [{ id: null }] },
    ],
    ["{ a = var.vpc_id } == null", false],
    ["{ a = var.vpc_id } != null ? 1 : 2", 1],
    ["[var.vpc_id] == []", false],
    ["length([var.vpc_id, 1])", 2],
    ["length(toset([var.vpc_id]))", 1],
    ["keys({ a = var.vpc_id })", ["a"]],
    ["element([1, var.vpc_id], 1)", "<var.vpc_id>"],
    ['contains([var.vpc_id, "a"], "a")', true],
    ["anytrue([var.vpc_id == null, true])", true],
    ["alltrue([var.vpc_id == null, false])", false],
    ['coalesce(null, "a", var.vpc_id)', "a"],
    ["aws_security_group.pods.id == null ? 1 : 2", 2],
    ["null != aws_security_group.pods.id", true],
    ["coalesce(null, aws_security_group.pods.id)", "<aws_security_group.pods.id>"],
    ["compact([aws_security_group.pods.id, null])", ["<aws_security_group.pods.id>"]],
    ["concat([var.vpc_id], [1])", ["<var.vpc_id>", 1]],
    ['lookup({ a = var.vpc_id }, "a", 1)', "<var.vpc_id>"],
    ['zipmap(["a"], [var.vpc_id])', { a: "<var.vpc_id>" }],
    ['setproduct(["a"], [var.vpc_id])', [["a", "<var.vpc_id>"]]],
    ["try(aws_security_group.pods.id, 1)", "<aws_security_group.pods.id>"],
    ["try(aws_security_group.twice[2].id, 1)", 1],
    ['try(aws_security_group.each["c"].id, 1)', 1],
    ["try(var.vpc_id, 1)", "<var.vpc_id>"],
    ["can(aws_security_group.pods.id)", true],
  ])("%s", (expression, value) => {
    expect(evaluated(expression)).toEqual(value);
  });
});

// Terraform says false where the types differ: `[]` is no list of texts. The types are not carried along.
it.each([
  "tolist([]) == []",
  'split(",", "a") == ["a"]',
  "{ a = null } == { a = null }",
  "toset([]) == toset([])",
])("whether collections of perhaps two types are equal is not known: %s", (expression) => {
  expect(evaluated(expression)).toMatch(/^</);
});

describe("text of which a part is unknown, read as YAML or JSON", () => {
  it.each<[string, unknown]>([
    [
      'yamldecode(jsonencode({ a = var.vpc_id, b = ["${var.vpc_id}-x", 1] }))',
      { a: "<var.vpc_id>", b: ['<"${var.vpc_id}-x">', 1] },
    ],
    [
      'yamldecode("a: ${var.vpc_id}\\nb: [p-${var.vpc_id}, \\"${local.worker}\\"] # ${var.vpc_id}")',
      { a: "<var.vpc_id>", b: ['<"p-${var.vpc_id}">', '<var.security_groups["worker"]>'] },
    ],
    ["yamldecode(<<-EOT\n  a:\n    - ${var.vpc_id}\n  b: 1\n  EOT\n)", { a: ["<var.vpc_id>"], b: 1 }],
    ['yamldecode("a: ${yamlencode({ b = [var.vpc_id] })}")', { a: { b: ["<var.vpc_id>"] } }],
    ['jsondecode(yamlencode({ b = "unknown_0_", c = var.vpc_id }))', { b: "unknown_0_", c: "<var.vpc_id>" }],
    ['yamldecode(format("a: %s-%%", var.vpc_id)).a', '<"${var.vpc_id}-%">'],
    ['yamldecode(join("\\n", ["a: 1", "b: ${var.vpc_id}"])).a', 1],
    // An unknown part may be lines of a map.
    ['yamldecode("a: 1\\n${var.vpc_id}\\n")', '<yamldecode("a: 1\\n${var.vpc_id}\\n")>'],
    ["yamldecode(var.vpc_id)", "<yamldecode(var.vpc_id)>"],
  ])("%s", (expression, value) => {
    expect(evaluated(expression)).toEqual(value);
  });
});

describe("an expression with unknown parts has one spelling", () => {
  it.each([
    ["var.vpc_id", "<var.vpc_id>"],
    ["var.security_groups.worker", '<var.security_groups["worker"]>'],
    ['var.security_groups["worker"]', '<var.security_groups["worker"]>'],
    ["local.worker", '<var.security_groups["worker"]>'],
    ["local.groups.worker", '<var.security_groups["worker"]>'],
    ['(true ? local.groups : {})["worker"]', '<var.security_groups["worker"]>'],
    ["var.security_groups[0]", "<var.security_groups[0]>"],
    ["var.missing", "<var.missing>"],
    ["local.missing", "<local.missing>"],
    ["aws_security_group.pods.id", "<aws_security_group.pods.id>"],
    ["aws_security_group.pods", "<aws_security_group.pods>"],
    ['aws_security_group.pods["id"]', "<aws_security_group.pods.id>"],
    ['aws_security_group.each["a"].id', '<aws_security_group.each["a"].id>'],
    ["aws_security_group.twice[0].arn", "<aws_security_group.twice[0].arn>"],
    ['aws_security_group.unsure["x"].id', '<aws_security_group.unsure["x"].id>'],
    ["aws_security_group.elsewhere.id", "<aws_security_group.elsewhere.id>"],
    ["aws_security_group.pods.vpc_id", "<data.aws_vpc.main.id>"],
    [
      "aws_eks_cluster.main.vpc_config[0].cluster_security_group_id",
      "<aws_eks_cluster.main.vpc_config[0].cluster_security_group_id>",
    ],
    ["data.aws_vpc.main.cidr_block", "<data.aws_vpc.main.cidr_block>"],
    ["module.far.group_id", "<module.far.group_id>"],
    ["module.missing.group_id", "<module.missing.group_id>"],
    ["each.key", "<each.key>"],
    ["upper( var.vpc_id )", "<upper(var.vpc_id)>"],
    ["provider::aws::arn_parse(var.vpc_id)", "<provider::aws::arn_parse(var.vpc_id)>"],
    ["max([1, var.vpc_id]...)", "<max([1, var.vpc_id]...)>"],
    ["length(toset([var.vpc_id, 1]))", "<length([var.vpc_id, 1])>"],
    ["compact([var.vpc_id])", "<compact([var.vpc_id])>"],
    ["coalesce(var.vpc_id, 1)", "<coalesce(var.vpc_id, 1)>"],
    ["distinct([var.vpc_id, 1])", "<distinct([var.vpc_id, 1])>"],
    ["contains([var.vpc_id], 1)", "<contains([var.vpc_id], 1)>"],
    ["alltrue([var.flag, var.vpc_id])", "<alltrue([true, var.vpc_id])>"],
    ['try(aws_security_group.unsure["x"].id, 1)', '<try(aws_security_group.unsure["x"].id, 1)>'],
    ["try(var.security_groups.x, 1)", '<try(var.security_groups["x"], 1)>'],
    ["can(var.security_groups.x)", '<can(var.security_groups["x"])>'],
    ['"${var.vpc_id}-x"', '<"${var.vpc_id}-x">'],
    ['"a ${"${var.vpc_id}-x"}"', '<"a ${var.vpc_id}-x">'],
    ["var.vpc_id == null ? 1 : 2", "<((var.vpc_id == null) ? 1 : 2)>"],
    ["aws_security_group.unsure[*].id", "<aws_security_group.unsure[*].id>"],
    ["aws_security_group.unsure.*.id", "<aws_security_group.unsure[*].id>"],
    ["aws_security_group.unsure.*.id[0]", "<aws_security_group.unsure[*].id[0]>"],
    ["aws_security_group.pods[*].id", "<aws_security_group.pods[*].id>"],
    ["aws_security_group.each[*].id", "<aws_security_group.each[*].id>"],
    ["[for g in var.security_groups : g.id]", '<[for g in var.security_groups : g["id"]]>'],
    ["[for x in toset([var.vpc_id, 1]) : x]", "<[for x in [var.vpc_id, 1] : x]>"],
    ["{ for x in [var.vpc_id] : x => 1 }", "<{for x in [var.vpc_id] : x => 1}>"],
    [
      "{ for k, v in var.ports : k => v.id... if v != var.vpc_id }",
      '<{for k, v in { "http" = 80, "https" = 443 } : k => v["id"]... if (v != var.vpc_id)}>',
    ],
    ["concat(var.list, var.security_groups)", '<concat(["b", "a", "b"], var.security_groups)>'],
    ["jsonencode({a = var.vpc_id})", '<jsonencode({ "a" = var.vpc_id })>'],
    ["-var.vpc_id", "<-var.vpc_id>"],
    ["var.ports.ssh", '<{ "http" = 80, "https" = 443 }["ssh"]>'],
  ])("%s", (expression, value) => {
    expect(evaluated(expression)).toEqual(value);
  });

  it("keeps what is known of a list or an object", () => {
    expect(evaluated("[var.vpc_id, local.greeting]")).toEqual(["<var.vpc_id>", "hello orders"]);
    expect(evaluated("merge({a = var.vpc_id}, {b = 1})")).toEqual({ a: "<var.vpc_id>", b: 1 });
    expect(evaluated("toset([aws_security_group.pods.id, aws_security_group.pods.id])")).toEqual([
      "<aws_security_group.pods.id>",
    ]);
  });

  it("has an end for locals that need each other", () => {
    expect(evaluated("local.circle")).toMatch(/^<local\.(circle|round)>$/);
  });

  it("does not grow without measure", async () => {
    const names = Array.from({ length: 60 }, (_, index) => [
      `l${index + 1}`,
      `\${max(local.l${index}, local.l${index})}`,
    ]);
    const doubling = await read({
      "main.tf.json": { variable: { x: {} }, locals: { l0: "${var.x}", ...Object.fromEntries(names) } },
    });
    const value = shown(doubling.evaluate("local.l60"));
    expect(String(value).length).toBeLessThan(1_000);
  });
});

it.each(["", "var.", "1 +", "[1", '"open', "a b", "var.x)", "{a}", '"${"', "x ? 1", "é["])(
  "refuses %j as no expression",
  async (expression) => {
    const message = await refusal((async () => input.evaluate(expression))());
    expect(message).toContain("not an expression");
  },
);

it("gives literal JSON back as it is, whatever the text", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      const hcl = JSON.stringify(value)
        .replaceAll("${", () => "$${")
        .replaceAll("%{", "%%{");
      // -0 is 0 in HCL.
      expect(evaluated(hcl)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
