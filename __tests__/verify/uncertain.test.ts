import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { render } from "../../verify/report";
import { conditionWords } from "../../verify/report/condition-words";
import { verify } from "../../verify/verify";
import { temporaryFolder } from "../support/folders";

const GROUPS = `
variable "create" { type = bool }
variable "names" { type = set(string) }
resource "aws_security_group" "app" {
  name = "app"
}
resource "aws_security_group" "db" {
  name = "db"
}
`;
const OUT = `
resource "aws_security_group_rule" "out" {
  type                     = "egress"
  security_group_id        = aws_security_group.app.id
  source_security_group_id = aws_security_group.db.id
  protocol                 = "tcp"
  from_port                = 5432
  to_port                  = 5432
}
`;
const IN = OUT.replace('"out"', '"in"')
  .replace('"egress"', '"ingress"')
  .replace("app.id", "x.id")
  .replace("db.id", "app.id")
  .replace("x.id", "db.id");

/** The verdict of `allow app -> db` and of `deny app -> db`, with the conditions of both. */
async function verdicts(
  hcl: string,
  endpoints = "{ app: aws_security_group.app, db: aws_security_group.db }",
) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "main.tf"), hcl);
  writeFileSync(
    join(folder, "flows.yaml"),
    `format: 1\nendpoints: ${endpoints}\nflows:\n  allow: allow app -> db TCP 5432\n  deny: deny app -> db TCP 5432\n`,
  );
  const report = await verify(folder);
  const [allow, deny] = report.verdicts;
  return {
    allow: allow?.status,
    deny: deny?.status,
    conditions: [...(allow?.conditions ?? []), ...(deny?.conditions ?? [])].map(conditionWords),
  };
}

describe("what may not exist is no proof of anything", () => {
  test("both rules are there: the flow gets through", async () => {
    expect(await verdicts(GROUPS + OUT + IN)).toMatchObject({ allow: "holds", deny: "broken" });
  });

  test("a rule whose count is not known", async () => {
    const counted = IN.replace('"in" {', '"in" {\n  count = var.create ? 1 : 0');
    expect(await verdicts(GROUPS + OUT + counted)).toStrictEqual({
      allow: "holds-if",
      deny: "holds-if",
      conditions: [
        "aws_security_group_rule.in exists (how many there are is not known)",
        "aws_security_group_rule.in does not exist (how many there are is not known)",
      ],
    });
  });

  test("a dynamic block whose number is not known", async () => {
    const dynamic = GROUPS.replace(
      'name = "db"',
      `name = "db"
  dynamic "ingress" {
    for_each = var.names
    content {
      protocol        = "tcp"
      from_port       = 5432
      to_port         = 5432
      security_groups = [aws_security_group.app.id]
    }
  }`,
    );
    expect(await verdicts(dynamic + OUT)).toMatchObject({ allow: "holds-if", deny: "holds-if" });
  });

  test("a dynamic block in a group whose count is not known, either, is in doubt once", async () => {
    const counted = GROUPS.replace(
      '"db" {',
      `"db" {
  count = var.create ? 1 : 0
  dynamic "ingress" {
    for_each = var.names
    content {
      protocol    = "tcp"
      from_port   = 5432
      to_port     = 5432
      cidr_blocks = ["0.0.0.0/0"]
    }
  }`,
    );
    const { conditions } = await verdicts(
      counted + OUT.replaceAll("aws_security_group.db.id", "aws_security_group.db[0].id"),
      "{ app: { group: aws_security_group.app, cidrs: [10.0.0.1/32] }, db: aws_security_group.db }",
    );
    const rule = "aws_security_group.db.ingress[0]";
    expect(conditions).toEqual([
      `${rule} exists (how many there are is not known)`,
      `${rule} does not exist (how many there are is not known)`,
    ]);
  });

  test("a group whose count is not known is one group, however it is named", async () => {
    const counted = GROUPS.replace('"db" {', '"db" {\n  count = var.create ? 1 : 0');
    const rules = (OUT + IN).replaceAll("aws_security_group.db.id", "aws_security_group.db[0].id");
    for (const db of [
      "aws_security_group.db",
      "'aws_security_group.db[0]'",
      "'aws_security_group.db[0].id'",
    ]) {
      expect(await verdicts(counted + rules, `{ app: aws_security_group.app, db: ${db} }`)).toMatchObject({
        allow: "holds",
        deny: "broken",
      });
    }
  });

  test("a classic rule whose type is not known", async () => {
    const typed = IN.replace('"ingress"', "var.create");
    const { allow, deny, conditions } = await verdicts(GROUPS + OUT + typed);
    expect({ allow, deny }).toStrictEqual({ allow: "holds-if", deny: "holds-if" });
    expect(conditions.join()).toContain(
      "aws_security_group_rule.in is an ingress rule (its type is var.create)",
    );
  });

  test("a classic rule of which neither the count nor the type is known needs both, and to be without one is enough", async () => {
    const doubtful = IN.replace('"ingress"', "var.type").replace(
      '"in" {',
      '"in" {\n  count = var.create ? 1 : 0',
    );
    const exists = "exists (how many there are is not known)";
    expect(await verdicts(GROUPS + OUT + doubtful)).toStrictEqual({
      allow: "holds-if",
      deny: "holds-if",
      conditions: [
        `aws_security_group_rule.in ${exists}, and aws_security_group_rule.in is an ingress rule (its type is var.type)`,
        "aws_security_group_rule.in does not exist (how many there are is not known), or aws_security_group_rule.in is not an ingress rule (its type is var.type)",
      ],
    });
  });
});

describe("what was not read may add rules", () => {
  test("a group that is given to a module from elsewhere is a lower bound", async () => {
    const module = `
module "rules" {
  source            = "terraform-aws-modules/security-group/aws//modules/mysql"
  security_group_id = aws_security_group.db.id
}
`;
    const { allow, conditions } = await verdicts(GROUPS + OUT + module);
    expect(allow).toBe("holds-if");
    expect(conditions).toContain("aws_security_group.db allows ingress TCP 5432 from app");
  });
});

describe("a group that a condition chooses", () => {
  const CHOSEN = "var.create ? data.aws_security_group.other.id : aws_security_group.db.id";
  const hcl =
    GROUPS +
    'data "aws_security_group" "other" { name = "other" }\n' +
    (OUT + IN).replaceAll("aws_security_group.db.id", CHOSEN);

  test("is one group, whichever that is, wherever the same condition names it", async () => {
    expect(await verdicts(hcl, `{ app: aws_security_group.app, db: "${CHOSEN}" }`)).toStrictEqual({
      allow: "holds",
      deny: "broken",
      conditions: [],
    });
  });

  test("may be either of them", async () => {
    for (const db of ["aws_security_group.db", "data.aws_security_group.other"]) {
      expect(await verdicts(hcl, `{ app: aws_security_group.app, db: ${db} }`)).toMatchObject({
        allow: "holds-if",
        deny: "holds-if",
      });
    }
  });

  test("is no address in any case", async () => {
    expect(await verdicts(hcl, "{ app: aws_security_group.app, db: 192.0.2.0/24 }")).toStrictEqual({
      allow: "broken",
      deny: "holds",
      conditions: [],
    });
  });
});

describe("one group under several names", () => {
  test("an id with the account of its owner", async () => {
    const peered = OUT.replace("aws_security_group.db.id", '"111122223333/sg-0a1b2c3d"');
    expect(await verdicts(GROUPS + peered, "{ app: aws_security_group.app, db: sg-0a1b2c3d }")).toMatchObject(
      {
        allow: "holds-if",
        deny: "holds-if",
      },
    );
  });

  test("a group that is looked up, with and without .id", async () => {
    const lookedUp = 'data "aws_security_group" "db" { name = "db" }\n';
    const hcl = GROUPS + lookedUp + OUT.replace("aws_security_group.db.id", "data.aws_security_group.db.id");
    for (const db of ["data.aws_security_group.db", "data.aws_security_group.db.id"]) {
      expect(await verdicts(hcl, `{ app: aws_security_group.app, db: ${db} }`)).toMatchObject({
        allow: "holds-if",
        deny: "holds-if",
      });
    }
  });

  test("lookup() with null as its default gives null, not something unknown", async () => {
    const looked = IN.replace("protocol", 'self = lookup({}, "self", null)\n  protocol');
    expect(await verdicts(GROUPS + OUT + looked)).toMatchObject({
      allow: "holds",
      deny: "broken",
      conditions: [],
    });
  });
});

describe("what is named", () => {
  test("a group of which count makes none: its flows are left out, with a note", async () => {
    const none = GROUPS.replace('"db" {', '"db" {\n  count = 0');
    expect(await verdicts(none)).toStrictEqual({ allow: undefined, deny: undefined, conditions: [] });
  });

  test.each([
    "var.typo",
    "local.typo",
    "aws_security_group.typo",
    "module.typo.id",
    "data.aws_security_group.typo",
  ])("%s, which is not declared, is refused: a deny on it would hold for nothing", async (typo) => {
    const attempt = verdicts(GROUPS + OUT, `{ app: aws_security_group.app, db: ${typo} }`);
    await expect(attempt).rejects.toThrow("endpoints.db: there is no ");
  });
});

test("a half that a rule may open is no lock on a closed flow, whatever the other half says", async () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, "main.tf"),
    `${GROUPS}
resource "aws_security_group_rule" "in" {
  type              = "ingress"
  security_group_id = aws_security_group.db.id
  protocol          = "tcp"
  from_port         = 1
  to_port           = 2
  cidr_blocks       = ["10.0.0.0/8"]
}`,
  );
  writeFileSync(
    join(folder, "flows.yaml"),
    "format: 1\nendpoints: { app: aws_security_group.app, db: aws_security_group.db }\nflows: { closed: deny app -> db }\n",
  );
  const report = render([await verify(folder)], "text", { color: false, all: true });
  expect(report).toContain("app egress  no rule allows it");
  expect(report).not.toMatch(/db ingress +no rule allows it/);
});
