import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hclComments } from "../../verify/read/terraform/hcl-attributes";
import { temporaryFolder } from "../support/folders";
import { verifyHere } from "../support/here";
import { estate } from "./support/estate";

const MARK = "eks-pod-security-groups:ignore";
const IGNORE = `${MARK} open-to-the-world OPS-17`;

/** Runs the command on one file. */
function run(text: string, name = "main.tf", ...words: string[]) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), text);
  return verifyHere([".", "--check", "open-to-the-world,wide-egress", ...words], folder);
}

const GROUP = `resource "aws_security_group" "db" { name = "db" }
resource "aws_db_instance" "db" {
  vpc_security_group_ids = [aws_security_group.db.id]
}
`;

/** A rule that is open to the world, with what stands before it, at the end of its first line and inside. */
function rule({ before = "", first = "", inside = "", after = "", name = "open" }) {
  return `${GROUP}
${before}resource "aws_vpc_security_group_ingress_rule" "${name}" { ${first}
  security_group_id = aws_security_group.db.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = "0.0.0.0/0"
${inside}}${after}
`;
}

describe("an ignore beside a rule", () => {
  test.each<[string, string]>([
    ["on the line before", rule({ before: `# ${IGNORE}\n` })],
    ["on a line before, with another comment between", rule({ before: `# ${IGNORE}\n# More of it.\n` })],
    ["two on the lines before", rule({ before: `# ${IGNORE}\n# ${MARK} wide-egress OPS-18\n` })],
    ["by two slashes", rule({ before: `// ${IGNORE}\n` })],
    ["by slash and asterisk", rule({ before: `/* ${IGNORE} */\n` })],
    ["on a line of a longer comment", rule({ before: `/*\n * ${IGNORE}\n */\n` })],
    ["at the end of the first line", rule({ first: `# ${IGNORE}` })],
    ["at the end of the first line, by slash and asterisk", rule({ first: `/* ${IGNORE} */` })],
    ["inside", rule({ inside: `  # ${IGNORE}\n` })],
    ["with line ends of Windows", rule({ before: `# ${IGNORE}\n` }).replaceAll("\n", "\r\n")],
    [
      "inside a group with blocks",
      `resource "aws_security_group" "db" {
  ingress { # ${IGNORE}
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_db_instance" "db" { vpc_security_group_ids = [aws_security_group.db.id] }
`,
    ],
  ])("%s", async (_, text) => {
    const { status, stdout } = await run(text);
    expect(stdout).toContain("Suppressed: OPS-17");
    expect(stdout).toMatch(/1\s+suppressed/);
    expect(status).toBe(0);
  });

  test.each<[string, unknown]>([
    ["a text", IGNORE],
    ["one of several", ["The partner's.", IGNORE]],
  ])("in JSON as %s", async (_, comment) => {
    const open = {
      "//": comment,
      security_group_id: `\${aws_security_group.db.id}`,
      ip_protocol: "tcp",
      from_port: 22,
      to_port: 22,
      cidr_ipv4: "0.0.0.0/0",
    };
    const resource = {
      aws_security_group: { db: { name: "db" } },
      aws_db_instance: { db: { vpc_security_group_ids: [`\${aws_security_group.db.id}`] } },
      aws_vpc_security_group_ingress_rule: { open },
    };
    const { status, stdout } = await run(JSON.stringify({ resource }, null, 2), "main.tf.json");
    expect(stdout).toContain("Suppressed: OPS-17");
    expect(status).toBe(0);
  });

  test("counts for every instance of its block, and for no other block", async () => {
    const both = rule({ before: `# ${IGNORE}\n`, first: "\n  count = 2" });
    const { stdout } = await run(both + rule({ name: "other" }).replace(GROUP, ""));
    expect(stdout.match(/Suppressed: OPS-17/g)).toHaveLength(2);
    expect(stdout).toMatch(/error +open-to-the-world +\S+\.other$/m);
  });
});

test.each<[string, string]>([
  ["a line further up", rule({ before: `# ${IGNORE}\n\n` })],
  ["the end of the line before", rule({ before: `locals {} # ${IGNORE}\n` })],
  ["a string", rule({ inside: `  description = "# ${IGNORE}"\n` })],
  ["a heredoc", rule({ inside: `  description = <<EOT\n# ${IGNORE}\nEOT\n` })],
  ["the block before", rule({}).replace('{ name = "db" }', `{\n  name = "db"\n  # ${IGNORE}\n}`)],
])("in %s it hides nothing", async (_, text) => {
  const { status, stdout } = await run(text);
  expect(stdout).toMatch(/error +open-to-the-world/);
  expect(status).toBe(1);
});

test.each<[string, string]>([
  ["matches no finding", rule({ before: `# ${MARK} wide-egress OPS-17\n` })],
  ["is not next to a block", rule({ after: `\n\n# ${MARK} wide-egress OPS-17\n` })],
])("an ignore that %s is a note", async (words, text) => {
  const { stdout } = await run(text);
  expect(stdout.replace(/\s+/g, " ")).toMatch(new RegExp(`main\\.tf:\\d+: ${MARK} wide-egress ${words}`));
});

test("an ignore without a reason, one without a check and one of no check end with 2 and their lines", async () => {
  const reasons = await run(`# ${MARK} dead-rule\n${rule({ inside: `  # ${MARK}\n` })}`);
  expect(reasons).toMatchObject({ status: 2, stdout: "" });
  expect(reasons.stderr).toMatch(
    /^main\.tf:1: .* gives no reason to ignore dead-rule; .*\nmain\.tf:\d+: .* names no check/,
  );
  const unknown = await run(rule({ before: `# ${MARK} open-to-the-wrld OPS-17\n` }));
  expect(unknown).toMatchObject({ status: 2 });
  expect(unknown.stderr).toContain(
    'there is no check "open-to-the-wrld" to ignore; did you mean open-to-the-world?',
  );
});

test("what a module says that terraform init fetched is somebody else's: it counts for nothing, whatever it is", async () => {
  const comments = [`# ${MARK} open-to-the-world`, `# ${MARK} dead-rul OPS-1`, `# ${IGNORE}`];
  const own = estate({
    "main.tf": 'module "db" {\n  source = "example.com/db"\n}\n',
    ".terraform/modules/modules.json": JSON.stringify({
      Modules: [{ Key: "db", Source: "example.com/db", Dir: ".terraform/modules/db" }],
    }),
    ".terraform/modules/db/main.tf": rule({ before: `${comments.join("\n")}\n` }),
  });
  const { status, stdout, stderr } = await own.verify(".");
  expect(stderr).toBe("");
  expect(stdout).toMatch(/error +open-to-the-world +module\.db\./);
  expect(stdout).not.toContain(MARK);
  expect(status).toBe(1);
  own.write("main.tf", `# ${IGNORE}\n${own.read("main.tf")}`);
  expect((await own.verify(".", "--check", "open-to-the-world")).stdout).toContain("Suppressed: OPS-17");
});

test.each([
  ["open-to-the-wrld", "; did you mean open-to-the-world?"],
  ["xyz", ""],
])("a suppression in flows.yaml of %s is told, with what may be meant", async (check, meant) => {
  const suppress = [{ check, address: "aws_security_group.db", reason: "OPS-17" }];
  const own = estate({ "main.tf": GROUP, "flows.yaml": JSON.stringify({ format: 1, suppress }) });
  const { stdout } = await own.verify(".");
  expect(stdout.replace(/\s+/g, " ")).toContain(
    `the suppression of ${check} at aws_security_group.db has no effect: there is no such check${meant}`,
  );
});

test("nothing inside strings, their templates and heredocs is a comment; every comment outside is", () => {
  const words = fc.stringMatching(/^[a-z #/*]{0,12}$/);
  const string = words.map((text) => `"${text}"`);
  const template = fc.tuple(words, string).map(([text, inner]) => `"${text} \${upper(${inner})} ${text}"`);
  const heredoc = fc.tuple(words, string).map(([text, inner]) => `<<-EOT\n  ${text}\n  ${inner}\n  EOT\n`);
  const escaped = words.map((text) => `"\\" ${text} \\\\"`);
  const comment = fc.constantFrom("# MARK\n", "// MARK\n", "/* MARK */", "/* a\n MARK */");
  const value = fc.oneof(string, template, heredoc, escaped);
  const piece = fc.oneof(
    value.map((text) => ({ text: `  a = ${text}\n`, comments: 0 })),
    comment.map((text) => ({ text, comments: 1 })),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = `resource "a" "b" {\n${pieces.map((one) => one.text).join("")}\n}\n`;
      const found = hclComments(text);
      expect(found).toHaveLength(pieces.reduce((sum, { comments }) => sum + comments, 0));
      for (const one of found) expect(text.slice(one.at)).toMatch(/^(#|\/\/|\/\*)[^"]*MARK/);
    }),
    { numRuns: 300 },
  );
});
