import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolderOnce } from "../support/folders";
import { verifyHere } from "../support/here";
import { estate } from "./support/estate";

const GROUP = (name: string) => `resource "aws_security_group" "${name}" {
  name   = "${name}"
  vpc_id = "vpc-0a1b2c3d"
}
`;
const DATABASE = `resource "aws_db_instance" "db" {
  engine                 = "postgres"
  vpc_security_group_ids = [aws_security_group.db.id]
}
`;

/** A rule that lets a block of addresses reach the database, in each form that Terraform has. */
const OPEN = {
  classic: (name: string, port: number, cidr = "0.0.0.0/0") => `resource "aws_security_group_rule" "${name}" {
  type              = "ingress"
  security_group_id = aws_security_group.db.id
  protocol          = "tcp"
  from_port         = ${port}
  to_port           = ${port}
  cidr_blocks       = ["${cidr}"]
}
`,
  "per-rule": (
    name: string,
    port: number,
    cidr = "0.0.0.0/0",
  ) => `resource "aws_vpc_security_group_ingress_rule" "${name}" {
  security_group_id = aws_security_group.db.id
  ip_protocol       = "tcp"
  from_port         = ${port}
  to_port           = ${port}
  cidr_ipv4         = "${cidr}"
}
`,
};

const BASE = GROUP("db") + DATABASE;

describe.each(["classic", "per-rule"] as const)("findings of %s rules", (form) => {
  const open = OPEN[form];
  const known = async () => {
    const own = estate({ "infra/main.tf": BASE + open("old", 5432) });
    expect(await own.verify("infra")).toMatchObject({ status: 1 });
    expect(await own.verify("infra", "--known", "known.yaml", "--update-known")).toMatchObject({ status: 0 });
    return own;
  };

  test("what is known does not fail, and is a count that --all lists", async () => {
    const own = await known();
    const { status, stdout } = await own.verify("infra", "--known", "known.yaml");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Known by known\.yaml\n {2}1 finding; --all shows them$/m);
    expect(stdout).toMatch(/Findings: 1\s+known\./);
    expect(stdout).not.toContain("open-to-the-world");
    expect((await own.verify("infra", "--known", "known.yaml", "--all")).stdout).toContain(
      "open-to-the-world",
    );
  });

  test("a new fault fails, and only it is told", async () => {
    const own = await known();
    own.write("infra/more.tf", open("new", 22));
    const { status, stdout } = await own.verify("infra", "--known", "known.yaml");
    expect(status).toBe(1);
    expect(stdout).toMatch(/error +open-to-the-world +\S+\.new$/m);
    expect(stdout).not.toMatch(/open-to-the-world +\S+\.old$/m);
    expect(stdout).toMatch(/Findings: 1\s+error, 1 known\./);
  });

  test("the same rule with another port is another fault, and the old one is told as cured", async () => {
    const own = await known();
    own.write("infra/main.tf", BASE + open("old", 22));
    const { status, stdout } = await own.verify("infra", "--known", "known.yaml");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^No longer found\n {2}- open-to-the-world at \S+\.old \([^)]*TCP\s+5432 from/m);
  });

  test("other lines, other files and another order change nothing", async () => {
    const own = await known();
    own.write("infra/main.tf", "\n\n# A comment.\n");
    own.write("infra/rules.tf", open("old", 5432) + BASE);
    expect(await own.verify("infra", "--known", "known.yaml")).toMatchObject({ status: 0 });
    const before = own.read("known.yaml");
    expect(await own.verify("infra", "--known", "known.yaml", "--update-known")).toMatchObject({ status: 0 });
    expect(own.read("known.yaml")).toBe(before);
  });

  test("what is cured is told, and --update-known takes it out", async () => {
    const own = await known();
    own.write("infra/main.tf", BASE);
    const { status, stdout } = await own.verify("infra", "--known", "known.yaml");
    expect(status).toBe(0);
    expect(stdout).toContain("No longer found\n  - open-to-the-world at ");
    expect(stdout).toContain("`verify --known known.yaml --update-known` removes");
    const { stderr } = await own.verify("infra", "--known", "known.yaml", "--update-known");
    expect(stderr).toContain(
      "wrote known.yaml: 0 known, 1 taken out\nno longer found: open-to-the-world at ",
    );
    expect(own.read("known.yaml")).not.toContain("open-to-the-world");
    own.write("infra/main.tf", BASE + open("old", 5432));
    expect(await own.verify("infra", "--known", "known.yaml")).toMatchObject({ status: 1 });
  });

  test("the file has no line, no absolute path, and the same bytes from wherever it is written", async () => {
    const own = await known();
    const text = own.read("known.yaml");
    expect(text).not.toContain(own.folder);
    expect(text).not.toMatch(/main\.tf|:\d+$|line/m);
    expect(text).toMatch(/^inputs:\n {2}infra:\n {4}findings:\n {6}- check: open-to-the-world\n/m);
    const inside = (...words: string[]) => verifyHere(words, join(own.folder, "infra"));
    expect(await inside(".", "--known", "../known.yaml", "--update-known")).toMatchObject({ status: 0 });
    expect(own.read("known.yaml")).toBe(text);
    const absolute = [join(own.folder, "infra"), "--known", join(own.folder, "known.yaml")];
    expect(await verifyHere(absolute)).toMatchObject({ status: 0 });
  });
});

test("inline blocks are known by what they say, not by their numbers", async () => {
  const block = (port: number) =>
    `  ingress {\n    protocol    = "tcp"\n    from_port   = ${port}\n    to_port     = ${port}\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n`;
  const group = (...blocks: string[]) => `${GROUP("db").replace(/}\n$/, "")}${blocks.join("")}}\n${DATABASE}`;
  const own = estate({ "main.tf": group(block(5432)) });
  expect(await own.verify(".", "--known", "known.yaml", "--update-known")).toMatchObject({ status: 0 });
  own.write("main.tf", group(block(22), block(5432)));
  const { status, stdout } = await own.verify(".", "--known", "known.yaml");
  expect(status).toBe(1);
  expect(stdout).toContain("TCP 22");
  expect(stdout).not.toContain("No longer found");
  expect(stdout).toMatch(/Findings: 1\s+error, 1 known\./);
});

test("a known finding that weighs more is new, one that weighs less is not", async () => {
  const own = estate({ "infra/main.tf": BASE + OPEN.classic("old", 5432) });
  await own.verify("infra", "--known", "known.yaml", "--update-known");
  const text = own.read("known.yaml");
  own.write("known.yaml", text.replace("severity: error", "severity: information"));
  const worse = await own.verify("infra", "--known", "known.yaml");
  expect(worse.status).toBe(1);
  expect(worse.stdout).not.toContain("No longer found");
  own.write("infra/main.tf", GROUP("db") + OPEN.classic("old", 5432));
  own.write("known.yaml", text);
  expect(await own.verify("infra", "--known", "known.yaml", "--fail-on", "information")).toMatchObject({
    status: 0,
  });
});

describe("flows", () => {
  const FLOWS = `format: 1
endpoints: { api: aws_security_group.api, db: aws_security_group.db }
flows:
  query: allow api -> db TCP 5432, TCP 6432
`;
  const both = (port: number) => `resource "aws_security_group_rule" "out_${port}" {
  type                     = "egress"
  security_group_id        = aws_security_group.api.id
  source_security_group_id = aws_security_group.db.id
  protocol                 = "tcp"
  from_port                = ${port}
  to_port                  = ${port}
}
resource "aws_security_group_rule" "in_${port}" {
  type                     = "ingress"
  security_group_id        = aws_security_group.db.id
  source_security_group_id = aws_security_group.api.id
  protocol                 = "tcp"
  from_port                = ${port}
  to_port                  = ${port}
}
`;
  const GROUPS = GROUP("api") + GROUP("db");
  const known = async (rules: string, ...words: string[]) => {
    const own = estate({ "main.tf": GROUPS + rules, "flows.yaml": FLOWS });
    await own.verify(".", "--known", "known.yaml", "--update-known", ...words);
    return own;
  };

  test("a broken one that is known does not fail", async () => {
    const own = await known(both(5432));
    const { status, stdout } = await own.verify(".", "--known", "known.yaml");
    expect(status).toBe(0);
    expect(stdout).toContain("1 flow: 1 broken (1 known).");
    expect(stdout).not.toContain("Broken flows");
    expect((await own.verify(".", "--known", "known.yaml", "--all")).stdout).toContain("Broken flows, known");
  });

  test("more that is broken of the same flow is new", async () => {
    const own = await known(both(5432));
    own.write("main.tf", GROUPS);
    expect(await own.verify(".", "--known", "known.yaml")).toMatchObject({ status: 1 });
  });

  test("less that is broken of the same flow is not", async () => {
    const own = await known("");
    own.write("main.tf", GROUPS + both(5432));
    const { status, stdout } = await own.verify(".", "--known", "known.yaml");
    expect(status).toBe(0);
    expect(stdout).not.toContain("No longer found");
  });

  test("one that holds again is told", async () => {
    const own = await known(both(5432));
    own.write("main.tf", GROUPS + both(5432) + both(6432));
    const { status, stdout } = await own.verify(".", "--known", "known.yaml");
    expect(status).toBe(0);
    expect(stdout).toMatch(/No longer found\n {2}- flow query, which was broken/);
  });

  test("what a broken flow keeps from being told is not taken for cured", async () => {
    const WIDE = `resource "aws_security_group_rule" "wide" {
  type              = "egress"
  security_group_id = aws_security_group.api.id
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}
`;
    const own = await known(both(5432) + both(6432) + WIDE);
    expect(own.read("known.yaml")).toContain("wide-egress");
    own.write("main.tf", GROUPS + both(5432) + WIDE);
    const { status, stdout } = await own.verify(".", "--known", "known.yaml");
    expect(status).toBe(1);
    expect(stdout).not.toContain("No longer found");
  });

  test("an assumption fails by --no-assumptions only where it is not known", async () => {
    const out = both(5432).replaceAll("aws_security_group.db.id", "var.db").split('resource "').slice(0, 2);
    const own = estate({
      "main.tf": `variable "db" {}\n${GROUP("api")}${out.join('resource "')}`,
      "flows.yaml": FLOWS.replace("aws_security_group.db }", "var.db }").replace(", TCP 6432", ""),
    });
    const words = [".", "--known", "known.yaml", "--no-assumptions"];
    expect(await own.verify(...words, "--update-known")).toMatchObject({ status: 0 });
    expect(own.read("known.yaml")).toContain("status: holds-if");
    expect(await own.verify(...words)).toMatchObject({ status: 0 });
    expect(await own.verify(".", "--no-assumptions")).toMatchObject({ status: 1 });
  });
});

test("several inputs have what is known of each, and an input that is not looked at keeps its own", async () => {
  const files = { "a/main.tf": BASE + OPEN.classic("x", 5432), "b/main.tf": BASE + OPEN.classic("x", 5432) };
  const own = estate(files);
  expect(await own.verify("a", "--known", "known.yaml", "--update-known")).toMatchObject({ status: 0 });
  expect(await own.verify("a", "b", "--known", "known.yaml")).toMatchObject({ status: 1 });
  expect(await own.verify("b", "--known", "known.yaml", "--update-known")).toMatchObject({ status: 0 });
  expect(await own.verify("a", "b", "--known", "known.yaml")).toMatchObject({ status: 0 });
});

test.each([
  ["json", /"known": true/],
  ["sarif", /"baselineState": "unchanged"/],
  ["markdown", /#### Known\n\n- `infra`: 1 finding, known by `known\.yaml`/],
  ["text", /Known by known\.yaml/],
])("%s tells what is known apart", async (format, words) => {
  const own = estate({ "infra/main.tf": BASE + OPEN.classic("old", 5432) });
  await own.verify("infra", "--known", "known.yaml", "--update-known");
  const { stdout } = await own.verify("infra", "--known", "known.yaml", "--format", format);
  expect(stdout).toMatch(words);
});

describe("bad input exits with 2 and says what to do", () => {
  const own = estate({ "infra/main.tf": BASE }, temporaryFolderOnce());

  test.each<[string, string | undefined, string[], RegExp]>([
    [
      "no such file",
      undefined,
      ["--known", "none.yaml"],
      /none\.yaml: there is no such file\. .*--update-known/,
    ],
    ["--update-known alone", undefined, ["--update-known"], /--update-known goes with --known FILE/],
    ["no YAML", "a: [", ["--known", "bad.yaml"], /^bad\.yaml: /],
    [
      "all problems at once",
      "format: 2\ninputs: { infra: { findings: [{ check: a, severity: bad }], flow: [] } }\n",
      ["--known", "bad.yaml"],
      /bad\.yaml\.format: must be 1 .*\n(.*\n)*.*inputs\.infra.*severity: must be error, warning, information/,
    ],
  ])("%s", async (_, text, words, message) => {
    if (text !== undefined) own.write("bad.yaml", text);
    const { status, stdout, stderr } = await own.verify("infra", ...words);
    expect(stderr).toMatch(message);
    expect({ status, stdout }).toStrictEqual({ status: 2, stdout: "" });
  });

  test("with --update-known a file that cannot be read is not written over", async () => {
    own.write("bad.yaml", "format: 2\n");
    expect(await own.verify("infra", "--known", "bad.yaml", "--update-known")).toMatchObject({ status: 2 });
    expect(own.read("bad.yaml")).toBe("format: 2\n");
  });
});
