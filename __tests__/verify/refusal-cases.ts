/*
 * Small configurations of which Terraform, its provider or AWS refuses something, and near misses: what is found, and what
 * becomes of flows that hang on it. What Terraform says was seen on Terraform 1.11.4 with the provider 5.100.0.
 */

/** Where a configuration fails: the step of Terraform, with a part of its words. */
export type Fails =
  | { readonly step: "validate" | "plan" | "apply"; readonly words: RegExp }
  /** AWS refuses it, and the emulator of the end-to-end tests does not. */
  | { readonly step: "aws" };

export interface RefusalCase {
  readonly what: string;
  readonly files: Readonly<Record<string, string>>;
  /** Absent where it can be applied. */
  readonly fails?: Fails;
  /** All errors and warnings but those about rules that carry no traffic. */
  readonly found: readonly (readonly [check: string, severity: string, address: string])[];
  /** Flows between `api` and `db`, and the end of what the report says of them. */
  readonly flows?: Readonly<Record<string, "holds" | "broken" | { readonly if: readonly string[] }>>;
}

/** Two groups of one VPC. */
const GROUPS = `
resource "aws_vpc" "shop" {
  cidr_block = "10.20.0.0/16"
}
resource "aws_security_group" "api" {
  name   = "shop-api"
  vpc_id = aws_vpc.shop.id
}
resource "aws_security_group" "db" {
  name   = "shop-db"
  vpc_id = aws_vpc.shop.id
}
`;

/** The rule out of the pods: what flows need besides the case's own. */
const OUT = `
resource "aws_security_group_rule" "api_to_db" {
  type                     = "egress"
  protocol                 = "tcp"
  from_port                = 3306
  to_port                  = 3306
  security_group_id        = aws_security_group.api.id
  source_security_group_id = aws_security_group.db.id
}
`;

const RULE = "aws_security_group_rule.x";
const PER_RULE = "aws_vpc_security_group_ingress_rule.x";

/** A classic rule into the database; later arguments replace earlier ones, null takes one away. */
function classic(values: Readonly<Record<string, string | null>>): string {
  return resource("aws_security_group_rule", {
    type: '"ingress"',
    protocol: '"tcp"',
    from_port: "3306",
    to_port: "3306",
    security_group_id: "aws_security_group.db.id",
    source_security_group_id: "aws_security_group.api.id",
    ...values,
  });
}

/** The same as a resource for one rule. */
function perRule(values: Readonly<Record<string, string | null>>): string {
  return resource("aws_vpc_security_group_ingress_rule", {
    ip_protocol: '"tcp"',
    from_port: "3306",
    to_port: "3306",
    security_group_id: "aws_security_group.db.id",
    referenced_security_group_id: "aws_security_group.api.id",
    ...values,
  });
}

/** The same as a block of the database's group. */
function block(values: Readonly<Record<string, string | null>>): string {
  const given = {
    protocol: '"tcp"',
    from_port: "3306",
    to_port: "3306",
    security_groups: "[aws_security_group.api.id]",
    ...values,
  };
  return inGroup(`  ingress {\n${argumentsOf(given, "    ")}  }\n`);
}

/** More in the database's group. */
function inGroup(body: string): string {
  return GROUPS.replace('"shop-db"\n', `"shop-db"\n${body}`);
}

function resource(type: string, values: Readonly<Record<string, string | null>>): string {
  return `resource "${type}" "x" {\n${argumentsOf(values, "  ")}}\n`;
}

function argumentsOf(values: Readonly<Record<string, string | null>>, indent: string): string {
  return Object.entries(values)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${indent}${name} = ${value}\n`)
    .join("");
}

const one = (rule: string) => ({ "main.tf": GROUPS + OUT + rule });
const grouped = (group: string) => ({ "main.tf": group + OUT });
const IF_RULE = { if: [`the error at ${RULE} is fixed`] };
const IF_PER_RULE = { if: [`the error at ${PER_RULE} is fixed`] };
const BLOCK = "aws_security_group.db.ingress[0]";
const IF_BLOCK = { if: [`the error at ${BLOCK} is fixed`] };
const group = (name: string, body: string) => `resource "aws_security_group" "${name}" {\n${body}}\n`;
const FULL =
  '{ protocol = "tcp", from_port = 1, to_port = 1, self = true, description = "", cidr_blocks = [], ipv6_cidr_blocks = [], prefix_list_ids = [], security_groups = [] }';
const NO_GROUP = { source_security_group_id: null };
const ALLOW = "allow api -> db TCP 3306";
const DENY = "deny api -> db TCP 3306";
const OTHER = "deny api -> db TCP 22";

/** What Terraform cannot know when it plans: a `count` or `for_each` by the name of its rule. */
const LATE: Readonly<Record<string, string>> = {
  is_null: "count = aws_security_group.api.id != null ? 1 : 0",
  is_empty: 'count = aws_security_group.api.arn == "" ? 0 : 1',
  not_empty: "count = length(compact([aws_security_group.api.id]))",
  different: "count = length(toset([aws_security_group.api.id, aws_security_group.db.id]))",
  made_by_aws: "count = length(aws_vpc.shop.main_route_table_id)",
  tried: 'count = try(aws_security_group.api.id, "") == "" ? 0 : 1',
  of_a_local: "count = local.number",
  arn_as_key: 'for_each = { (aws_iam_policy.a.arn) = "a" }',
  listed: "for_each = { for id in [aws_security_group.api.id] : id => id }",
  of_groups: "for_each = { for group in [aws_security_group.api] : group.id => group.name }",
  of_instances: "for_each = { for group in aws_security_group.more : group.arn => group.id }",
  of_prefix: "for_each = toset([aws_security_group.prefixed.name])",
  of_no_name: "for_each = toset([aws_security_group.nameless.name])",
  decided: 'for_each = aws_security_group.api.id == "" ? {} : { a = 1 }',
  filtered: 'for_each = { for key, id in { a = aws_security_group.api.id } : key => id if id != "" }',
  of_text: 'for_each = toset(split(",", aws_security_group.api.id))',
  among_others: "for_each = toset(concat([], [aws_security_group.api.id]))",
  merged: "for_each = merge({ a = 1 }, { for id in [aws_security_group.api.id] : id => 1 })",
};

/** Near misses, which Terraform plans. */
const IN_TIME: Readonly<Record<string, string>> = {
  instances: "count = length(aws_security_group.more[*].id)",
  keys: "count = length({ a = aws_security_group.api.id })",
  set_of_one: "count = length(toset([aws_security_group.api.id]))",
  among_known: 'count = contains(["a", aws_security_group.api.id], "a") ? 1 : 0',
  given: "for_each = toset([aws_security_group.api.name])",
  names: "for_each = { for group in aws_security_group.more : group.name => group.id }",
  argument: "for_each = toset([aws_vpc.shop.cidr_block])",
  zipped: 'for_each = zipmap(["a"], aws_security_group.more[*].id)',
  map: "for_each = aws_security_group.each",
  of_variable: "count = var.create ? 1 : 0",
};

const BESIDE = `
variable "create" {
  default = true
}
locals {
  number = aws_vpc.shop.id == "vpc-0a1b2c3d" ? 1 : 2
}
resource "aws_iam_policy" "a" {
  name   = "a"
  policy = "{}"
}
resource "aws_security_group" "more" {
  count = 1
  name  = "more-\${count.index}"
}
resource "aws_security_group" "each" {
  for_each = toset(["x"])
  name     = each.key
}
resource "aws_security_group" "prefixed" {
  name_prefix = "shop-"
}
resource "aws_security_group" "nameless" {}
`;

/** A classic rule by a name of its own. */
function named(name: string, values: Readonly<Record<string, string | null>>): string {
  return classic(values).replace('"x"', `"${name}"`);
}

/** A rule for each `count` or `for_each`, each with its port. */
function counted(all: Readonly<Record<string, string>>): RefusalCase["files"] {
  const rules = Object.entries(all).map(([name, argument], index) => {
    const [, key = "", value = ""] = /^(\w+) = (.*)$/.exec(argument) ?? [];
    const port = String(5000 + index);
    const own = { cidr_blocks: '["10.0.0.0/8"]', from_port: port, to_port: port };
    return named(name, { [key]: value, ...NO_GROUP, ...own });
  });
  return one(BESIDE + rules.join(""));
}

export const REFUSAL_CASES: readonly RefusalCase[] = [
  {
    what: "nothing is refused",
    files: one(classic({})),
    found: [],
    flows: { [ALLOW]: "holds", [DENY]: "broken", [OTHER]: "holds" },
  },
  {
    what: "a service for a protocol: the rule may become anything",
    files: one(classic({ protocol: '"mysql"' })),
    fails: { step: "aws" },
    found: [["refused-rule", "error", RULE]],
    flows: {
      [ALLOW]: {
        if: [`the error at ${RULE} is fixed, and ${RULE} covers TCP 3306 (its protocol is "mysql")`],
      },
      [DENY]: {
        if: [
          `fixing the error at ${RULE} does not allow it, or ${RULE} does not cover TCP 3306 (its protocol is "mysql")`,
        ],
      },
    },
  },
  {
    what: "ports the wrong way round in a rule of its own",
    files: one(perRule({ from_port: "3307" })),
    fails: { step: "aws" },
    found: [["refused-rule", "error", PER_RULE]],
    flows: {
      [ALLOW]: {
        if: [`the error at ${PER_RULE} is fixed, and ${PER_RULE} covers TCP 3306 (its from_port is 3307)`],
      },
    },
  },
  {
    what: "host bits",
    files: one(classic({ ...NO_GROUP, cidr_blocks: '["10.20.30.91/29"]' })),
    fails: { step: "validate", words: /did you mean "10\.20\.30\.88\/29"/ },
    found: [["refused-rule", "error", RULE]],
    flows: { "allow office -> db TCP 3306": IF_RULE },
  },
  {
    what: "host bits in IPv6, in a block",
    files: grouped(block({ ipv6_cidr_blocks: '["2001:db8::1/32"]' })),
    fails: { step: "apply", words: /did you mean "2001:db8::\/32"/ },
    found: [["refused-rule", "error", BLOCK]],
    flows: { [ALLOW]: IF_BLOCK, [OTHER]: IF_BLOCK },
  },
  {
    what: "host bits in a rule of its own",
    files: one(perRule({ referenced_security_group_id: null, cidr_ipv4: '"10.20.30.91/29"' })),
    fails: { step: "validate", words: /must be a valid IPv4 CIDR that represents a network address/ },
    found: [["refused-rule", "error", PER_RULE]],
  },
  {
    what: "IPv6 among addresses of IPv4",
    files: one(classic({ ...NO_GROUP, cidr_blocks: '["2001:db8::/32"]' })),
    fails: { step: "validate", words: /is not a valid IPv4 CIDR block/ },
    found: [["refused-rule", "error", RULE]],
  },
  {
    what: "IPv6 in capitals",
    files: one(classic({ ...NO_GROUP, ipv6_cidr_blocks: '["2001:DB8::/32"]' })),
    found: [],
  },
  {
    what: "no peer",
    files: one(classic(NO_GROUP)),
    fails: { step: "validate", words: /one of\s+`cidr_blocks,ipv6_cidr_blocks/ },
    found: [["refused-rule", "error", RULE]],
    flows: {
      [ALLOW]: { if: [`the error at ${RULE} is fixed, and ${RULE} has api as its peer (no peer is given)`] },
    },
  },
  {
    what: "an empty list of peers",
    files: one(classic({ ...NO_GROUP, cidr_blocks: "[]" })),
    fails: { step: "aws" },
    found: [["refused-rule", "error", RULE]],
  },
  {
    what: "no peer in a rule of its own",
    files: one(perRule({ referenced_security_group_id: null })),
    fails: { step: "validate", words: /Exactly one of these attributes must be configured/ },
    found: [["refused-rule", "error", PER_RULE]],
  },
  {
    what: "two peers in a rule of its own",
    files: one(
      perRule({ referenced_security_group_id: null, cidr_ipv4: '"10.0.0.0/8"', cidr_ipv6: '"fd00::/48"' }),
    ),
    fails: { step: "validate", words: /Exactly one of these attributes must be configured/ },
    found: [["refused-rule", "error", PER_RULE]],
  },
  {
    what: "addresses with self = false",
    files: one(classic({ ...NO_GROUP, cidr_blocks: '["10.0.0.0/8"]', self: "false" })),
    fails: { step: "validate", words: /conflicts with self/ },
    found: [["refused-rule", "error", RULE]],
  },
  {
    what: "addresses with a group that is not made yet",
    files: one(classic({ self: "false" })),
    fails: { step: "apply", words: /conflicts with self/ },
    found: [["refused-rule", "error", RULE]],
    flows: { [ALLOW]: IF_RULE },
  },
  {
    what: "a block without a peer, which makes no rule",
    files: grouped(block({ security_groups: null })),
    found: [["block-without-peer", "warning", BLOCK]],
    flows: { [ALLOW]: "broken" },
  },
  {
    what: "all protocols with ports in a block",
    files: grouped(block({ protocol: '"-1"' })),
    fails: { step: "apply", words: /must both be 0 to use the 'ALL'/ },
    found: [["refused-rule", "error", BLOCK]],
    flows: { [ALLOW]: IF_BLOCK },
  },
  {
    what: "all protocols with ports in a rule of its own",
    files: one(perRule({ ip_protocol: '"-1"' })),
    fails: { step: "aws" },
    found: [["refused-rule", "error", PER_RULE]],
    flows: { [ALLOW]: IF_PER_RULE },
  },
  {
    what: "all protocols with ports in a classic rule, which opens everything",
    files: one(classic({ protocol: '"all"' })),
    found: [["all-traffic-with-ports", "warning", RULE]],
    flows: { [ALLOW]: "holds", [DENY]: "broken" },
  },
  {
    what: "port 0 for all ports",
    files: one(classic({ from_port: "0", to_port: "0" })),
    found: [["port-zero", "warning", RULE]],
    flows: { [ALLOW]: "broken" },
  },
  {
    what: "the name of a group in a block",
    files: grouped(block({ security_groups: '["shop-api"]' })),
    fails: { step: "aws" },
    found: [["refused-rule", "error", BLOCK]],
    flows: { [ALLOW]: IF_BLOCK },
  },
  {
    what: "the attribute name of a group",
    files: one(perRule({ referenced_security_group_id: "aws_security_group.api.name" })),
    fails: { step: "aws" },
    found: [["refused-rule", "error", PER_RULE]],
    flows: { [ALLOW]: IF_PER_RULE },
  },
  {
    what: "ids in one text",
    files: one(
      classic({
        source_security_group_id: 'join(",", [aws_security_group.api.id, aws_security_group.db.id])',
      }),
    ),
    fails: { step: "apply", words: /authorizing Security Group/ },
    found: [["refused-rule", "error", RULE]],
  },
  {
    what: "the same block twice, which is one rule",
    files: grouped(
      inGroup(
        `${block({}).match(/ {2}ingress \{[^}]*\}\n/)?.[0]}${block({}).match(/ {2}ingress \{[^}]*\}\n/)?.[0]}`,
      ),
    ),
    found: [],
    flows: { [ALLOW]: "holds" },
  },
  {
    what: "the same block twice with other descriptions",
    files: grouped(
      inGroup(
        ["a", "b"]
          .map((text) => block({ description: `"${text}"` }).match(/ {2}ingress \{[^}]*\}\n/)?.[0])
          .join(""),
      ),
    ),
    fails: { step: "aws" },
    found: [["duplicate-rule", "error", "aws_security_group.db.ingress[1]"]],
  },
  {
    what: "groups in a circle by their blocks",
    files: {
      "main.tf": block({}).replace(
        '"shop-api"\n',
        '"shop-api"\n  egress {\n    protocol = "tcp"\n    from_port = 3306\n    to_port = 3306\n    security_groups = local.peers\n  }\n',
      ),
      "locals.tf": "locals {\n  peers = [aws_security_group.db.id]\n}\n",
    },
    fails: { step: "validate", words: /Cycle: / },
    found: [["refused-rule", "error", "aws_security_group.api"]],
    flows: {
      [ALLOW]: { if: ["the error at aws_security_group.api is fixed"] },
      [OTHER]: { if: ["the error at aws_security_group.api is fixed"] },
    },
  },
  {
    what: "a group that names itself in its block",
    files: grouped(block({ security_groups: "[aws_security_group.db.id]" })),
    fails: { step: "plan", words: /may not refer to itself/ },
    found: [["refused-rule", "error", "aws_security_group.db"]],
  },
  {
    what: "classic rules in a circle, which is none",
    files: one(classic({}) + classic({ type: '"egress"', to_port: "3307" }).replace('"x"', '"y"')),
    found: [],
    flows: { [ALLOW]: "holds" },
  },
  {
    what: "blocks as an attribute with an item that lacks some",
    files: grouped(inGroup('  ingress = [{ protocol = "tcp", from_port = 1, to_port = 1, self = true }]\n')),
    fails: { step: "validate", words: /attributes\s+"cidr_blocks", "description"/ },
    found: [["refused-rule", "error", BLOCK]],
    flows: { [OTHER]: IF_BLOCK },
  },
  {
    what: "an attribute that is no list",
    files: grouped(inGroup('  ingress = { protocol = "tcp", from_port = 1, to_port = 1, self = true }\n')),
    fails: { step: "validate", words: /set of object required/ },
    found: [["refused-rule", "error", "aws_security_group.db"]],
  },
  {
    what: "a block in JSON, which is an attribute there",
    files: {
      "main.tf": GROUPS,
      "more.tf.json": JSON.stringify({
        resource: {
          aws_security_group: { c: { ingress: [{ protocol: "tcp", from_port: 1, to_port: 1, self: true }] } },
        },
      }),
    },
    fails: { step: "validate", words: /attributes\s+"cidr_blocks", "description"/ },
    found: [["refused-rule", "error", "aws_security_group.c.ingress[0]"]],
  },
  {
    what: "for_each over ids of new groups",
    files: one(
      classic({
        for_each: "toset([aws_security_group.api.id, aws_security_group.db.id])",
        source_security_group_id: "each.value",
      }),
    ),
    fails: { step: "plan", words: /Invalid for_each argument/ },
    found: [["refused-rule", "error", RULE]],
    flows: { [ALLOW]: IF_RULE },
  },
  {
    what: "for_each over ids of groups that are imported, and known when Terraform plans",
    files: one(
      `${classic({
        for_each: "toset([aws_security_group.api.id])",
        source_security_group_id: "each.value",
      })}import {\n  to = aws_security_group.api\n  id = "sg-0a1b2c3d4e5f60718"\n}\n`,
    ),
    found: [],
    flows: { [ALLOW]: "holds" },
  },
  {
    what: "for_each over a map of ids",
    files: one(
      classic({ for_each: "{ api = aws_security_group.api.id }", source_security_group_id: "each.value" }),
    ),
    found: [],
    flows: { [ALLOW]: "holds" },
  },
  {
    what: "count and for_each by what is known only after apply",
    files: counted(LATE),
    fails: { step: "plan", words: /Invalid (count|for_each) argument/ },
    found: Object.keys(LATE)
      .sort()
      .map((name) => ["refused-rule", "error", `aws_security_group_rule.${name}`]),
  },
  {
    what: "count and for_each by what is known when Terraform plans",
    files: counted(IN_TIME),
    found: [],
  },
  {
    what: "arguments that are misspelt, or of another form of rule",
    files: {
      "main.tf": `${GROUPS.replace('"shop-api"', '"shop-api"\n  vpcid = "vpc-0a1b2c3d"')}
${group("blocks", '  ingress {\n    protocol = "tcp"\n    from_port = 1\n    to_port = 1\n    self = true\n    cidr_block = []\n  }\n')}
${named("misspelt", { ...NO_GROUP, source_security_groupid: "aws_security_group.api.id" })}
${named("other", { protocol: null, ip_protocol: '"tcp"' })}
${perRule({ referenced_security_group_id: null, cidr_blocks: '["10.0.0.0/8"]' })}
${group("typed", '  dynamic "egress" {\n    for_each = [1]\n    content {\n      fromport = 1\n      self     = true\n    }\n  }\n')}
`,
    },
    fails: { step: "validate", words: /Unsupported argument/ },
    found: [
      ["refused-rule", "error", "aws_security_group.api"],
      ["refused-rule", "error", "aws_security_group.blocks"],
      ["refused-rule", "error", "aws_security_group.typed"],
      ["refused-rule", "error", "aws_security_group.typed.egress[0]"],
      ["refused-rule", "error", "aws_security_group_rule.misspelt"],
      ["refused-rule", "error", "aws_security_group_rule.other"],
      ["refused-rule", "error", PER_RULE],
    ],
  },
  {
    what: "items of an attribute that lack some, however they come about",
    files: {
      "main.tf": `${GROUPS}
locals {
  short = { protocol = "tcp", from_port = 1, to_port = 1, self = true }
}
${group("looped", '  ingress = [for port in [1] : { protocol = "tcp", fromport = port, to_port = port, self = true }]\n')}
${group("local", "  egress = [local.short]\n")}
${group("joined", "  egress = concat([], [local.short])\n")}
${group("object", "  ingress = local.short\n")}
${group("full", `  ingress = [${FULL}]\n`)}
${group("merged", `  ingress = [merge({ self = false }, ${FULL})]\n`)}
${group("none", "  ingress = null\n  egress = []\n")}
`,
      "json.tf.json": JSON.stringify({
        resource: { aws_security_group: { json: { ingress: ["${local.short}"] } } },
      }),
    },
    fails: { step: "validate", words: /attributes|set of object required/ },
    found: ["joined.egress[0]", "json.ingress[0]", "local.egress[0]", "looped.ingress[0]", "object"].map(
      (place) => ["refused-rule", "error", `aws_security_group.${place}`],
    ),
  },
  {
    what: "items of an attribute that a typed variable completes, and those that a default leaves open",
    files: {
      "main.tf": `
variable "typed" {
  type = list(object({
    protocol         = string
    from_port        = number
    to_port          = number
    self             = optional(bool)
    description      = optional(string)
    cidr_blocks      = optional(list(string))
    ipv6_cidr_blocks = optional(list(string))
    prefix_list_ids  = optional(list(string))
    security_groups  = optional(list(string))
  }))
  default = [{ protocol = "tcp", from_port = 1, to_port = 1, self = true }]
}
variable "open" {
  default = null
}
${group("typed", "  ingress = var.typed\n")}
${group("open", "  ingress = var.open\n")}
`,
    },
    found: [],
  },
  {
    what: "a key of each.value that the rule does not read, and no peer",
    files: one(
      classic({
        for_each: '{ a = { security_groups = "x" } }',
        source_security_group_id: 'lookup(each.value, "source_security_group_id", null)',
      }),
    ),
    fails: { step: "plan", words: /one of\s+`cidr_blocks,ipv6_cidr_blocks/ },
    found: [["refused-rule", "error", `${RULE}["a"]`]],
  },
  {
    what: "keys that a for-expression makes twice, and other expressions that nobody can evaluate",
    files: {
      "main.tf": `${GROUPS.replace('"shop-db"', 'local.no["name"]')}${BESIDE}
locals {
  pairs = { for port in ["a", "a"] : port => port }
  no    = { a = 1 }
}
${named("twice", { for_each: "local.pairs", cidr_blocks: '["10.0.0.0/8"]', ...NO_GROUP })}
${named("nothing", { for_each: '{ (null) = "a" }', cidr_blocks: '["10.1.0.0/16"]', ...NO_GROUP })}
${named("beyond", { cidr_blocks: '[["10.2.0.0/16"][1]]', ...NO_GROUP })}
${named("missing", { from_port: "local.no.port" })}
${named("called", { count: "length(5)", cidr_blocks: '["10.3.0.0/16"]', ...NO_GROUP })}
`,
    },
    fails: { step: "validate", words: /Two different items produced the key "a"/ },
    found: [
      ["refused-rule", "error", "aws_security_group.db"],
      ...["beyond", "called", "missing", "nothing", "twice"].map(
        (name) => ["refused-rule", "error", `${RULE.slice(0, -1)}${name}`] as const,
      ),
    ],
  },
  {
    what: "keys that are twice in a dynamic block",
    files: grouped(
      inGroup(`  dynamic "ingress" {
    for_each = { for port in [1, 2] : "same" => port }
    content {
      protocol  = "tcp"
      from_port = ingress.value
      to_port   = ingress.value
      self      = true
    }
  }
`),
    ),
    fails: { step: "validate", words: /Two different items produced the key "same"/ },
    found: [["refused-rule", "error", "aws_security_group.db"]],
  },
  {
    what: "keys twice where the last one counts, where they are grouped, or where whoever gives another value is right",
    files: {
      "main.tf": `${GROUPS}
variable "ports" {
  default = ["a", "a"]
}
locals {
  last    = { a = "10.1.0.0/16", a = "10.0.0.0/8" }
  grouped = { for cidr in ["10.2.0.0/16", "10.2.0.0/16"] : "a" => cidr... }
}
${named("last", { for_each: "local.last", cidr_blocks: "[each.value]", ...NO_GROUP })}
${named("grouped", { for_each: "local.grouped", cidr_blocks: "toset(each.value)", ...NO_GROUP })}
${named("tried", { cidr_blocks: 'try(local.last["b"], ["10.3.0.0/16"])', ...NO_GROUP })}
${named("default", { for_each: "{ for port in var.ports : port => port }", cidr_blocks: '["10.4.0.0/16"]', ...NO_GROUP })}
`,
      "terraform.tfvars": "",
    },
    fails: { step: "plan", words: /Two different items produced the key "a"/ },
    found: [],
  },
  {
    what: "a module that is called for each id of new groups: its rules cannot be planned",
    files: {
      ...one(`module "rule" {
  for_each = toset([aws_security_group.api.id])
  source   = "./rule"
  peer     = each.value
  group    = aws_security_group.db.id
}
`),
      "rule/main.tf": `variable "peer" {}
variable "group" {}
${classic({ security_group_id: "var.group", source_security_group_id: "var.peer" })}`,
    },
    fails: { step: "plan", words: /Invalid for_each argument/ },
    found: [["refused-rule", "error", "module.rule"]],
    flows: { [ALLOW]: { if: ["the error at module.rule is fixed"] } },
  },
  {
    what: "a module that asks whether it is given an id, which is known only after apply",
    files: {
      ...one(`module "rule" {
  source = "./rule"
  peer   = aws_security_group.api.id
  group  = aws_security_group.db.id
}
`),
      "rule/main.tf": `variable "peer" {}
variable "group" {}
${classic({ count: 'var.peer != "" ? 1 : 0', security_group_id: "var.group", source_security_group_id: "var.peer" })}`,
    },
    fails: { step: "plan", words: /Invalid count argument/ },
    found: [["refused-rule", "error", "module.rule.aws_security_group_rule.x"]],
  },
  {
    what: "for_each over ids of groups that the state beside the files holds",
    files: {
      ...one(
        classic({
          for_each: "toset([aws_security_group.api.id])",
          source_security_group_id: "each.value",
        }),
      ),
      "terraform.tfstate": JSON.stringify({
        version: 4,
        resources: [
          { mode: "managed", type: "aws_security_group", name: "api", instances: [{ attributes: {} }] },
        ],
      }),
    },
    found: [],
    flows: { [ALLOW]: "holds" },
  },
  {
    what: "a late count in a root whose state is elsewhere, and may hold what it hangs on",
    files: {
      ...one(classic({ count: "aws_security_group.api.id == null ? 0 : 1" })),
      "backend.tf": 'terraform {\n  backend "s3" {}\n}\n',
    },
    fails: { step: "plan", words: /Invalid count argument/ },
    found: [["refused-rule", "warning", RULE]],
    flows: {
      [ALLOW]: { if: [`the warning at ${RULE} does not apply`] },
      [DENY]: { if: [`the warning at ${RULE} applies`] },
      [OTHER]: "holds",
    },
  },
  {
    what: "a module for each id of groups that HCP Terraform may have made already",
    files: {
      ...one(`module "rule" {
  for_each = toset([aws_security_group.api.id])
  source   = "./rule"
  peer     = each.value
  group    = aws_security_group.db.id
}
`),
      "cloud.tf.json": JSON.stringify({ terraform: { cloud: { organization: "shop" } } }),
      "rule/main.tf": `variable "peer" {}
variable "group" {}
${classic({ security_group_id: "var.group", source_security_group_id: "var.peer" })}`,
    },
    fails: { step: "plan", words: /Invalid for_each argument/ },
    found: [["refused-rule", "warning", "module.rule"]],
    flows: { [ALLOW]: { if: ["the warning at module.rule does not apply"] } },
  },
  {
    what: "a late count and no peer in a root whose state is elsewhere: the second stays an error",
    files: {
      ...one(classic({ ...NO_GROUP, count: "aws_security_group.api.id == null ? 0 : 1" })),
      "backend.tf": 'terraform {\n  backend "s3" {}\n}\n',
    },
    fails: { step: "validate", words: /one of\s+`cidr_blocks,ipv6_cidr_blocks/ },
    found: [
      ["refused-rule", "error", `${RULE}[0]`],
      ["refused-rule", "warning", RULE],
    ],
  },
  {
    what: "a late count in a root whose state an override file keeps beside it, where there is none",
    files: {
      ...one(classic({ count: "aws_security_group.api.id == null ? 0 : 1" })),
      "backend.tf": 'terraform {\n  backend "s3" {}\n}\n',
      "backend_override.tf": 'terraform {\n  backend "local" {}\n}\n',
    },
    fails: { step: "plan", words: /Invalid count argument/ },
    found: [["refused-rule", "error", RULE]],
    flows: { [ALLOW]: IF_RULE },
  },
  {
    what: "a late count in a module whose own backend counts for nothing",
    files: {
      ...one(`module "rule" {
  source = "./rule"
  peer   = aws_security_group.api.id
  group  = aws_security_group.db.id
}
`),
      "rule/main.tf": `terraform {
  backend "s3" {}
}
variable "peer" {}
variable "group" {}
${classic({ count: 'var.peer != "" ? 1 : 0', security_group_id: "var.group", source_security_group_id: "var.peer" })}`,
    },
    fails: { step: "plan", words: /Invalid count argument/ },
    found: [["refused-rule", "error", "module.rule.aws_security_group_rule.x"]],
  },
  {
    what: "an attribute that is null where a type or its default says so",
    files: {
      ...one(`variable "peers" {
  type = object({
    office = optional(object({ cidr = string }), { cidr = null })
    lab    = object({ cidr = string })
  })
  default = { lab = { cidr = null } }
}
${named("office", { ...NO_GROUP, cidr_blocks: '[var.peers.office.cidr == null ? "10.0.0.0/8" : var.peers.office.cidr]' })}
${named("lab", { ...NO_GROUP, cidr_blocks: '[var.peers.lab.cidr == null ? "10.0.0.0/9" : var.peers.lab.cidr]' })}
`),
    },
    found: [],
  },
  {
    what: "groups of two VPCs",
    files: { "main.tf": (GROUPS + classic({})).replace("  vpc_id = aws_vpc.shop.id\n", "") },
    fails: { step: "aws" },
    found: [["refused-rule", "error", RULE]],
  },
  {
    what: "groups of two VPCs that are peered",
    files: {
      "main.tf": `${(GROUPS + classic({})).replace("  vpc_id = aws_vpc.shop.id\n", "")}
resource "aws_default_vpc" "default" {}
resource "aws_vpc_peering_connection" "peer" {
  vpc_id      = aws_vpc.shop.id
  peer_vpc_id = aws_default_vpc.default.id
  auto_accept = true
}
`,
    },
    found: [],
  },
  {
    what: "groups of two VPCs of a core network",
    files: {
      "main.tf": `${(GROUPS + classic({})).replace("  vpc_id = aws_vpc.shop.id\n", "")}
resource "aws_networkmanager_vpc_attachment" "shop" {
  core_network_id = "core-network-0a1b2c3d"
  subnet_arns     = ["arn:aws:ec2:eu-central-1:123456789012:subnet/subnet-0a1b2c3d"]
  vpc_arn         = aws_vpc.shop.arn
}
`,
    },
    found: [],
  },
  {
    what: "a group that is associated with the VPC of the other",
    files: {
      "main.tf": `${GROUPS.replace("vpc_id = aws_vpc.shop.id", "vpc_id = aws_vpc.tools.id")}${classic({})}
resource "aws_vpc" "tools" {
  cidr_block = "10.21.0.0/16"
}
resource "aws_vpc_security_group_vpc_association" "api" {
  security_group_id = aws_security_group.api.id
  vpc_id            = aws_vpc.shop.id
}
`,
    },
    found: [],
  },
  {
    what: "a VPC that whoever calls the module may give",
    files: {
      "main.tf": `variable "vpc_id" {\n  default = null\n}\n${GROUPS.replace("vpc_id = aws_vpc.shop.id", "vpc_id = var.vpc_id")}${classic({})}`,
    },
    found: [],
  },
  {
    what: "blocks beside tags, comments and texts that look like attributes",
    files: grouped(
      inGroup(`  tags = {
    note    = <<-EOT
      } ingress = [{ "
    EOT
    ingress = "\${join("}", ["{"])}"
  }
  /*
  ingress = []
  */
  ingress {
    protocol  = "tcp"
    from_port = 3306
    to_port   = 3306
    self      = true
  }
`),
    ),
    found: [],
  },
  {
    what: "a block that takes the place of an attribute",
    files: {
      ...grouped(inGroup("  ingress = []\n")),
      "more_override.tf":
        'resource "aws_security_group" "db" {\n  ingress {\n    protocol = "tcp"\n    from_port = 3306\n    to_port = 3306\n    self = true\n  }\n}\n',
    },
    found: [],
  },
  {
    what: "a comment in JSON that names the group itself",
    files: {
      "main.tf.json": JSON.stringify({
        resource: { aws_security_group: { c: { "//": "imported as ${aws_security_group.c.id}" } } },
      }),
    },
    found: [],
  },
  {
    what: "an output of a module with the name of a key of another",
    files: {
      "main.tf": `${GROUPS.replace('"shop-db"', "module.names.of.db")}${OUT}
module "names" {
  source = "./names"
  db     = aws_security_group.db.id
}
`,
      "names/main.tf":
        'variable "db" {\n  type = string\n}\noutput "of" {\n  value = { db = "shop-db" }\n}\noutput "db" {\n  value = var.db\n}\n',
    },
    found: [],
  },
  {
    what: "ARNs of groups where ARNs are asked for",
    files: {
      "main.tf": `${GROUPS}
resource "aws_datasync_location_fsx_windows_file_system" "files" {
  fsx_filesystem_arn  = "arn:aws:fsx:eu-central-1:123456789012:file-system/fs-0a1b2c3d"
  user                = "copy"
  password            = "secret"
  security_group_arns = [aws_security_group.api.arn]
}
`,
    },
    found: [],
  },
  {
    what: "names of groups on instances of the default VPC",
    files: {
      "main.tf": `resource "aws_security_group" "api" {\n  name = "shop-api"\n}\n${[
        "aws_instance",
        "aws_spot_instance_request",
      ]
        .map(
          (type) => `resource "${type}" "api" {
  ami             = "ami-0a1b2c3d"
  instance_type   = "t3.micro"
  security_groups = [aws_security_group.api.name, "default"]
}
`,
        )
        .join("")}`,
    },
    found: [],
  },
  {
    what: "the name of a group on a database",
    files: {
      "main.tf": `${GROUPS}
resource "aws_db_instance" "orders" {
  instance_class         = "db.t4g.micro"
  vpc_security_group_ids = [aws_security_group.db.name]
}
`,
    },
    fails: { step: "aws" },
    found: [["refused-rule", "error", "aws_db_instance.orders"]],
  },
  {
    what: "one mistake hides nothing: a protocol, a description, and a database that is open",
    files: {
      "main.tf": `
resource "aws_security_group" "api" {
  ingress {
    protocol    = "ssh"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["10.20.0.0/16"]
    description = "The office's network"
  }
}
resource "aws_security_group" "db" {
  ingress {
    protocol    = "tcp"
    from_port   = 3306
    to_port     = 3306
    cidr_blocks = ["0.0.0.0/0"]
  }
}
`,
    },
    fails: { step: "validate", words: /doesn't comply with restrictions|invalid/i },
    found: [
      ["refused-description", "error", "aws_security_group.api.ingress[0]"],
      ["refused-rule", "error", "aws_security_group.api.ingress[0]"],
      ["open-to-the-world", "warning", "aws_security_group.db.ingress[0]"],
    ],
  },
];

/** The flows of a case as `flows.yaml` has them; each has its own words for its name. */
export function flowsYaml({ flows = {} }: RefusalCase): string {
  const entries = Object.keys(flows).map((flow, index) => `  flow-${index}: ${flow}\n`);
  if (entries.length === 0) return "format: 1\nflows: {}\n";
  return `format: 1
endpoints:
  api: aws_security_group.api
  db: aws_security_group.db
  office: { cidrs: ["10.20.30.88/29"] }
flows:
${entries.join("")}`;
}
