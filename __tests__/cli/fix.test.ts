import { describe, expect, test } from "vitest";
import { estate } from "./support/estate";

const GROUPS = `resource "aws_security_group" "pods" {
  name = "pods"
}
resource "aws_security_group" "db" {
  name = "db"
}
`;
/** Rules as blocks, for another port. */
const BLOCKS = `resource "aws_security_group" "cache" {
  name = "cache"
  ingress {
    protocol        = "tcp"
    from_port       = 1
    to_port         = 1
    security_groups = [aws_security_group.pods.id]
  }
}
`;
/** A rule with the name that the missing one would have, and one that opens too much. */
const RULES = `resource "aws_vpc_security_group_ingress_rule" "db_ingress_tcp_3306_from_pods" {
  security_group_id = aws_security_group.db.id
  ip_protocol       = "tcp"
  from_port         = 1
  to_port           = 1
  cidr_ipv4         = "10.0.0.0/16"
}
`;
const flows = (...lines: string[]) =>
  [
    "format: 1",
    "endpoints:",
    "  pods: aws_security_group.pods",
    "  db: aws_security_group.db",
    ...(lines.join("").includes("cache") ? ["  cache: aws_security_group.cache"] : []),
    "  office: 10.0.0.0/16",
    "flows:",
    ...lines.map((line) => `  ${line}`),
    "",
  ].join("\n");

describe("--fix", () => {
  test("writes the rules that flows lack, each once and by a free name, after which the flows hold", async () => {
    const own = estate({
      "infra/main.tf": GROUPS + BLOCKS + RULES,
      "infra/flows.yaml": flows("orders: allow pods -> db TCP 3306", "stock: allow pods -> db TCP 3306"),
    });
    const { status, stderr } = await own.verify("infra", "--fix", "missing.tf");
    expect(status).toBe(1);
    expect(stderr).toContain("infra/missing.tf: 2 rules for 2 flows; verify again to see that they hold");
    const text = own.read("infra/missing.tf");
    expect(text).toMatch(/^# Rules that these flows lack:\n# - orders\n# - stock\n\nresource /);
    expect(text).toContain('"db_ingress_tcp_3306_from_pods_2"');
    expect(text.match(/^resource /gm)).toHaveLength(2);
    expect((await own.verify("infra")).stdout).toContain("2 flows hold");
  });

  test("says what it leaves to do, and why, and names no flow of which it has but one half", async () => {
    const own = estate({
      "infra/main.tf": GROUPS + BLOCKS + RULES,
      "infra/flows.yaml": flows(
        "orders: allow pods -> db TCP 3306",
        "sessions: allow pods -> cache TCP 6379",
        "closed: deny office -> db TCP 1",
      ),
    });
    const { stderr } = await own.verify("infra", "--fix", "infra/missing.tf");
    expect(stderr).toContain("2 rules for 1 flow");
    expect(stderr).toMatch(
      /^sessions is not fixed by it: the rules of aws_security_group\.cache are inline blocks/m,
    );
    expect(stderr).toMatch(
      /^closed is not fixed by it: \S+db_ingress_tcp_3306_from_pods must be narrowed or removed$/m,
    );
    expect(own.read("infra/missing.tf")).not.toContain("cache");
  });

  test("writes no file where nothing is to be written", async () => {
    const healthy = estate({
      "infra/main.tf": GROUPS,
      "infra/flows.yaml": flows("a: deny pods -> db TCP 3306"),
    });
    const { status, stderr } = await healthy.verify("infra", "--fix", "missing.tf");
    expect([status, stderr]).toEqual([0, expect.stringContaining("is not written: no flow is broken")]);
    expect(healthy.has("infra/missing.tf")).toBe(false);
  });

  const INFRA = { "infra/main.tf": GROUPS, "infra/flows.yaml": flows("a: allow pods -> db TCP 3306") };
  test.each<[string, Record<string, string>, string[], RegExp]>([
    [
      "a file that is there",
      INFRA,
      ["infra", "--fix", "main.tf"],
      /main\.tf already exists; --fix does not overwrite it/,
    ],
    [
      "a file that Terraform does not read",
      INFRA,
      ["infra", "--fix", "rules.txt"],
      /must name a file that ends in \.tf \(given: rules\.txt\)/,
    ],
    ...["x_override.tf", "override.tf", ".x.tf", "x.tofu"].map(
      (name): [string, typeof INFRA, string[], RegExp] => [
        `a file whose rules would not count: ${name}`,
        INFRA,
        ["infra", "--fix", name],
        /must name a file whose rules count, such as missing\.tf: .*\(given: /,
      ],
    ),
    [
      "a file that a report goes to",
      INFRA,
      ["infra", "--fix", "x.tf", "--output", "text=infra/x.tf"],
      /--output must not name what Terraform or the verifier reads/,
    ],
    [
      "another folder",
      INFRA,
      ["infra", "--fix", "./x.tf"],
      /\.\/x\.tf: --fix writes into infra, where its rules count/,
    ],
    [
      "two folders",
      { ...INFRA, "more/main.tf": GROUPS },
      ["infra", "more", "--fix", "x.tf"],
      /--fix goes with one PATH/,
    ],
    [
      "several roots",
      { "a/main.tf": GROUPS, "b/main.tf": GROUPS },
      [".", "--fix", "x.tf"],
      /--fix goes with one folder/,
    ],
  ])("is refused for %s, and nothing is written", async (_what, files, words, message) => {
    const own = estate(files);
    const { status, stderr } = await own.verify(...words);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(own.has("x.tf") || own.has("infra/x.tf")).toBe(false);
  });

  test("writes a file of OpenTofu where its rules count", async () => {
    const { "infra/main.tf": main, ...rest } = INFRA;
    const own = estate({ ...rest, "infra/main.tofu": main });
    expect((await own.verify("infra", "--fix", "main.tf")).stderr).toMatch(
      /must name a file whose rules count/,
    );
    await own.verify("infra", "--fix", "missing.tofu");
    expect(await own.verify("infra")).toMatchObject({ status: 0 });
  });
});
