import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Configurations with modules in which a flow is broken, and what of the proposed Terraform must be seen. */
export interface ModuleCureCase {
  readonly what: string;
  /** Files of Terraform by their paths. */
  readonly files: Readonly<Record<string, string>>;
  /** The ends of the flow `allow from -> to TCP 5432`, by their expressions in the root. */
  readonly flows: readonly (readonly [from: string, to: string])[];
  /** What a report says of the rules to add, among other things. */
  readonly says: readonly string[];
  /** What it must not say. */
  readonly never?: readonly string[];
}

const group = (name: string, more = "") => `resource "aws_security_group" "${name}" {
  name_prefix = "${name}"
${more}}
`;
const output = (name: string, value: string) => `output "${name}" {
  value = ${value}
}
`;
const call = (name: string, source: string, more = "") => `module "${name}" {
  source = "${source}"
${more}}
`;

/** The module `m` with a group `y`. */
const M = "m/main.tf";
const ROOT = "main.tf";
const PODS = group("pods");
const PODS_ID = "aws_security_group.pods.id";
const FOR_EACH = `  for_each = toset(["a", "b.c"])\n`;
const CLASSIC_RULE = (owner: string) => `resource "aws_security_group_rule" "other_${owner}" {
  type              = "egress"
  security_group_id = aws_security_group.${owner}.id
  cidr_blocks       = ["10.1.2.0/24"]
  protocol          = "tcp"
  from_port         = 1
  to_port           = 1
}
`;
const KEYS_UNKNOWN = `  for_each = var.create ? toset(["a"]) : toset(["b"])\n`;
const INLINE = (direction: string) => `  ${direction} {
    protocol    = "tcp"
    from_port   = 1
    to_port     = 1
    cidr_blocks = ["10.1.2.0/24"]
  }
`;
/** A block that admits another group. */
const BLOCK = (other: string) => `  ingress {
    protocol        = "tcp"
    from_port       = 5432
    to_port         = 5432
    security_groups = [aws_security_group.${other}.id]
  }
`;

export const MODULE_CURES: readonly ModuleCureCase[] = [
  {
    what: "an output names the group: the rule is the root's",
    files: {
      [ROOT]: PODS + call("x", "./m"),
      [M]: group("y") + output("name", '"y"') + output("group_id", "aws_security_group.y.id"),
    },
    flows: [["aws_security_group.pods", "module.x.aws_security_group.y"]],
    says: ["security_group_id            = module.x.group_id", `referenced_security_group_id = ${PODS_ID}`],
    never: ["module.x.aws_security_group", "# "],
  },
  {
    what: "the rule is classic, as the group's others are",
    files: {
      [ROOT]: PODS + CLASSIC_RULE("pods") + call("x", "./m"),
      [M]: group("y") + CLASSIC_RULE("y") + output("group_id", "aws_security_group.y.id"),
    },
    flows: [["aws_security_group.pods", "module.x.aws_security_group.y"]],
    says: ["source_security_group_id = module.x.group_id", "security_group_id        = module.x.group_id"],
  },
  {
    what: "no output names the group: one is added",
    files: { [ROOT]: PODS + call("x", "./m"), [M]: group("y") },
    flows: [["aws_security_group.pods", "module.x.aws_security_group.y"]],
    says: [
      "# module x has no output with the id of aws_security_group.y: add one\n# in module x (",
      'output "y_security_group_id" {\n  value = aws_security_group.y.id\n}',
      "security_group_id            = module.x.y_security_group_id",
    ],
    never: ["module.x.aws_security_group"],
  },
  {
    what: "an output of the wished name is another thing",
    files: { [ROOT]: PODS + call("x", "./m"), [M]: group("y") + output("y_security_group_id", '"no"') },
    flows: [["aws_security_group.pods", "module.x.aws_security_group.y"]],
    says: ["= module.x.y_security_group_id_2"],
  },
  {
    what: "both groups are inside of one module",
    files: { [ROOT]: call("x", "./m"), [M]: group("y") + group("z") },
    flows: [["module.x.aws_security_group.y", "module.x.aws_security_group.z"]],
    says: ["# in module x (", "referenced_security_group_id = aws_security_group.z.id"],
    never: ["module.x.", "output"],
  },
  {
    what: "the module is given the group of the root",
    files: {
      [ROOT]: PODS + call("x", "./m", `  peer_id = ${PODS_ID}\n`),
      [M]: `${group("y")}variable "peer_id" { type = string }\n`,
    },
    flows: [["aws_security_group.pods", "module.x.aws_security_group.y"]],
    says: ["# in module x (", "referenced_security_group_id = var.peer_id"],
    never: ["output"],
  },
  {
    what: "the module has instances with keys",
    files: {
      [ROOT]: PODS + call("x", "./m", FOR_EACH),
      [M]: group("y") + output("group_id", "aws_security_group.y.id"),
    },
    flows: [
      ["aws_security_group.pods", 'module.x["a"].aws_security_group.y'],
      ["aws_security_group.pods", 'module.x["b.c"].aws_security_group.y'],
    ],
    says: ['= module.x["a"].group_id', '= module.x["b.c"].group_id'],
  },
  {
    what: "the group has instances, and the output is a map of them",
    files: {
      [ROOT]: PODS + call("x", "./m"),
      [M]: group("y", FOR_EACH) + output("ids", "{ for key, one in aws_security_group.y : key => one.id }"),
    },
    flows: [["aws_security_group.pods", 'module.x.aws_security_group.y["b.c"]']],
    says: ['= module.x.ids["b.c"]'],
  },
  {
    what: "the group has instances, and the output is a list of them",
    files: {
      [ROOT]: PODS + call("x", "./m"),
      [M]: group("y", "  count = 2\n") + output("ids", "aws_security_group.y[*].id"),
    },
    flows: [["aws_security_group.pods", "module.x.aws_security_group.y[1]"]],
    says: ["= module.x.ids[1]"],
  },
  {
    what: "the output is the whole group",
    files: {
      [ROOT]: PODS + call("x", "./m"),
      [M]: group("y") + output("groups", "{ web = aws_security_group.y }"),
    },
    flows: [["aws_security_group.pods", "module.x.aws_security_group.y"]],
    says: ['= module.x.groups["web"].id'],
  },
  {
    what: "the output is a choice",
    files: {
      [ROOT]: PODS + call("x", "./m") + call("z", "./n"),
      [M]: `variable "create" { default = true }\n${group("y", "  count = var.create ? 1 : 0\n")}${output("id", "one(aws_security_group.y[*].id)")}`,
      "n/main.tf": `variable "create" { default = true }\n${group("w", "  count = var.create ? 1 : 0\n")}${output("id", 'try(aws_security_group.w[0].id, "")')}`,
    },
    flows: [["module.x.aws_security_group.y[0]", "module.z.aws_security_group.w[0]"]],
    says: ["= module.x.id", "= module.z.id"],
    never: ["aws_security_group.y"],
  },
  {
    what: "whether the group exists is not known, and the output is a choice",
    files: {
      [ROOT]: `variable "create" { type = bool }\n${PODS}${call("x", "./m", "  create = var.create\n")}`,
      [M]: `variable "create" { type = bool }\n${group("y", "  count = var.create ? 1 : 0\n")}${output("id", "var.create ? aws_security_group.y[0].id : null")}`,
    },
    flows: [["aws_security_group.pods", "module.x.aws_security_group.y"]],
    says: ["= module.x.id"],
  },
  {
    what: "the keys of the group are not known",
    files: {
      [ROOT]: `variable "create" { type = bool }\n${PODS}${group("y", KEYS_UNKNOWN)}`,
    },
    flows: [["aws_security_group.pods", "aws_security_group.y"]],
    says: ['= aws_security_group.y["KEY"].id', "# KEY is a placeholder"],
  },
  {
    what: "the keys of the module are not known",
    files: {
      [ROOT]: `variable "create" { type = bool }\n${PODS}${call("x", "./m", KEYS_UNKNOWN)}`,
      [M]: group("y") + group("z") + output("id", "aws_security_group.y.id"),
    },
    flows: [
      ["aws_security_group.pods", "module.x.aws_security_group.y"],
      ["aws_security_group.pods", "module.x.aws_security_group.z"],
    ],
    says: ['= module.x["KEY"].id', '= module.x["KEY"].z_security_group_id'],
  },
  {
    what: "the number of the modules is not known",
    files: {
      [ROOT]: `variable "create" { type = bool }\n${PODS}${call("x", "./m", "  count = var.create ? 1 : 0\n")}`,
      [M]: group("y") + output("set", "toset([aws_security_group.y.id])"),
    },
    flows: [["aws_security_group.pods", "module.x.aws_security_group.y"]],
    says: ["= one(module.x[0].set)"],
  },
  {
    what: "outputs of outputs, with keys on both levels",
    files: {
      [ROOT]: PODS + call("x", "./m", FOR_EACH) + output("ids", "module.x[*]"),
      [M]: call("inner", "./inner", "  count = 2\n") + output("ids", "module.inner[*].id"),
      "m/inner/main.tf": group("y") + output("id", "aws_security_group.y.id"),
    },
    flows: [["aws_security_group.pods", 'module.x["b.c"].module.inner[1].aws_security_group.y']],
    says: ['= module.x["b.c"].ids[1]'],
  },
  {
    what: "an output is missing on each of two levels",
    files: {
      [ROOT]: PODS + call("x", "./m", FOR_EACH),
      [M]: call("inner", "./inner"),
      "m/inner/main.tf": group("y"),
    },
    flows: [["aws_security_group.pods", 'module.x["a"].module.inner.aws_security_group.y']],
    says: [
      "# module x.inner has no output with the id of aws_security_group.y: add one\n# in module x.inner (",
      "value = module.inner.y_security_group_id",
      '= module.x["a"].y_security_group_id',
    ],
  },
  {
    what: "groups of two modules",
    files: {
      [ROOT]: call("x", "./m") + call("z", "./n"),
      [M]: group("y") + output("group_id", "aws_security_group.y.id"),
      "n/main.tf": group("y"),
    },
    flows: [["module.x.aws_security_group.y", "module.z.aws_security_group.y"]],
    says: [
      "referenced_security_group_id = module.z.y_security_group_id",
      "# module z has no output with the id of aws_security_group.y: add one",
    ],
  },
  {
    what: "one module is called twice",
    files: {
      [ROOT]: PODS + call("x", "./m") + call("z", "./m"),
      [M]: group("y") + output("group_id", "aws_security_group.y.id"),
    },
    flows: [
      ["aws_security_group.pods", "module.x.aws_security_group.y"],
      ["aws_security_group.pods", "module.z.aws_security_group.y"],
    ],
    says: ["= module.x.group_id", "= module.z.group_id"],
  },
  {
    what: "the group has its rules inside, and the module is not given the other",
    files: {
      [ROOT]: PODS + call("x", "./m"),
      [M]: group("y", INLINE("ingress")) + output("id", "aws_security_group.y.id"),
    },
    flows: [["aws_security_group.pods", "module.x.aws_security_group.y"]],
    says: [
      "# module x has no variable with the id of aws_security_group.pods: add one",
      "# in module.x\npods_security_group_id = aws_security_group.pods.id",
      "# in aws_security_group.y of module x (",
      "security_groups = [var.pods_security_group_id]",
    ],
  },
  {
    what: "the group of the root has its rules inside",
    files: {
      [ROOT]: group("pods", INLINE("egress")) + call("x", "./m"),
      [M]: group("y") + output("id", "aws_security_group.y.id"),
    },
    flows: [["aws_security_group.pods", "module.x.aws_security_group.y"]],
    says: ["# in aws_security_group.pods\negress {", "security_groups = [module.x.id]"],
  },
  {
    what: "the groups are known by their ids",
    files: {
      [ROOT]: call("x", "./m", '  peer_id = "sg-0a1b2c3d4e5f60718"\n'),
      [M]: `${group("y")}variable "peer_id" { type = string }\n${output("id", "aws_security_group.y.id")}`,
    },
    flows: [["module.x.aws_security_group.y", "sg-0a1b2c3d4e5f60718"]],
    says: ['referenced_security_group_id = "sg-0a1b2c3d4e5f60718"', "= module.x.id"],
  },
  {
    what: "a data source inside of the module names the other",
    files: {
      [ROOT]: call("x", "./m"),
      [M]: `${group("y")}data "aws_security_group" "nodes" { name = "nodes" }\n`,
    },
    flows: [["module.x.aws_security_group.y", "module.x.data.aws_security_group.nodes.id"]],
    says: ["# in module x (", "referenced_security_group_id = data.aws_security_group.nodes.id"],
    never: ["module.x.data"],
  },
  {
    what: "both groups have their rules inside: blocks cannot name each other",
    files: { [ROOT]: group("pods", INLINE("egress")) + group("db", INLINE("ingress")) },
    flows: [["aws_security_group.pods", "aws_security_group.db"]],
    says: [
      "# in aws_security_group.pods\negress {\n  security_groups = [aws_security_group.db.id]",
      "# first write the ingress blocks of aws_security_group.db as resources: blocks of two groups cannot refer to each other",
      'resource "aws_vpc_security_group_ingress_rule" "to0_ingress_tcp_5432_from_from0"',
    ],
  },
  {
    what: "the other group's block names this one already, over a third",
    files: {
      [ROOT]: `${group("pods", INLINE("ingress"))}${group("proxy", BLOCK("pods"))}${group("db", BLOCK("proxy"))}`,
    },
    flows: [["aws_security_group.pods", "aws_security_group.db"]],
    says: ['resource "aws_vpc_security_group_egress_rule"', "security_groups = [aws_security_group.pods.id]"],
    never: ["# first"],
  },
  {
    what: "two flows, each in one direction between groups with rules inside",
    files: {
      [ROOT]:
        group("a", INLINE("egress") + INLINE("ingress")) + group("b", INLINE("ingress") + INLINE("egress")),
    },
    flows: [
      ["aws_security_group.a", "aws_security_group.b"],
      ["aws_security_group.b", "aws_security_group.a"],
    ],
    says: ["# in aws_security_group.a\negress {", "# first write the ingress blocks of aws_security_group.b"],
  },
  {
    what: "a group with its rules inside is to reach itself",
    files: { [ROOT]: group("db", INLINE("ingress") + INLINE("egress")) },
    flows: [["aws_security_group.db", "aws_security_group.db"]],
    says: ["# in aws_security_group.db\ningress {\n  self ", "# in aws_security_group.db\negress {\n  self "],
    never: ["aws_security_group.db.id"],
  },
];

/** Writes a case into an empty folder. */
export function writeCase(folder: string, { files, flows }: ModuleCureCase): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const ends = flows.flatMap(([from, to], index) => [
    `  from${index}: { group: ${JSON.stringify(from)} }`,
    `  to${index}: { group: ${JSON.stringify(to)} }`,
  ]);
  const stated = flows.map((_, index) => `  flow${index}: allow from${index} -> to${index} TCP 5432`);
  writeFileSync(
    join(folder, "flows.yaml"),
    ["format: 1", "endpoints:", ...ends, "flows:", ...stated, ""].join("\n"),
  );
}
