import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  adopt,
  article,
  expectNoChanges,
  type Files,
  isOfGroups,
  moduleInRoot,
  NOTHING,
  planned,
  RunningRoot,
  takeOver,
} from "./support/adopt";
import { rulesInForce } from "./support/rules-in-force";
import { isAll } from "./support/sample";
import { awsStage } from "./support/stage";
import { Terraform } from "./support/terraform";

const { reason } = awsStage();

/** Groups of other teams: with instances, tags, rules of their own resources, several addresses in a rule. */
const TEAMS = `resource "aws_security_group" "team" {
  for_each    = toset(["a", "b.c"])
  name        = "team-\${each.key}"
  description = "A team & its things"
  vpc_id      = aws_vpc.cluster.id
  tags        = { Owner = "$\${x}" }
}

resource "aws_vpc_security_group_ingress_rule" "team" {
  for_each          = aws_security_group.team
  security_group_id = each.value.id
  cidr_ipv4         = "10.0.0.0/16"
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
  description       = "Web"
}

resource "aws_vpc_security_group_egress_rule" "self" {
  security_group_id            = aws_security_group.team["a"].id
  referenced_security_group_id = aws_security_group.team["a"].id
  ip_protocol                  = "-1"
  tags                         = { Team = "a" }
}

resource "aws_security_group_rule" "several" {
  security_group_id = aws_security_group.ingress.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["10.1.0.0/16", "10.0.0.0/16"]
  ipv6_cidr_blocks  = ["2001:db8::/32"]
}

resource "aws_security_group_rule" "ping" {
  count             = 2
  security_group_id = aws_security_group.worker.id
  type              = "ingress"
  protocol          = "icmp"
  from_port         = count.index * 8
  to_port           = 0
  cidr_blocks       = ["10.0.0.0/16"]
}
`;

const call = (more: string) => `module "workload" {
  source   = "./workload"
  vpc_id   = aws_vpc.cluster.id
  platform = "shop"
  ${more}
  security_groups = {
    k8s_worker  = aws_security_group.worker.id
    k8s_ingress = aws_security_group.ingress.id
  }
}
`;

/** Where the article's HCL stands, with how many workloads that makes. */
const ESTATES: Readonly<Record<string, { readonly files: Files; readonly workloads: number }>> = {
  "in the root": {
    files: {
      "article.tf": moduleInRoot.replaceAll("var.", "local."),
      "locals.tf":
        'data "aws_region" "current" {}\nlocals {\n  name = "orders"\n  platform = "shop"\n  vpc_id = aws_vpc.cluster.id\n}\n',
      "teams.tf": TEAMS,
    },
    workloads: 1,
  },
  "in a module under for_each": {
    files: {
      "call.tf": call('for_each = toset(["orders", "payments"])\n  name = each.key'),
      "workload/main.tf": article.module,
      "workload/variables.tf": article.variables.replace(/output[\s\S]*$/, ""),
    },
    workloads: 2,
  },
};

function running(name: string): RunningRoot {
  const { files } = ESTATES[name] as (typeof ESTATES)[string];
  return new RunningRoot({ "place.tf": article.place }, { "cluster.tf": article.cluster, ...files });
}

describe.skipIf(reason)("groups that run are taken over by module calls", () => {
  // Generated estates have the article in the root, too.
  test.each(Object.keys(ESTATES).filter((name) => isAll || name !== "in the root"))(
    "the article %s: they move inside their state, and back",
    async (name) => {
      const root = running(name);
      const { folder, terraform } = root;
      const state = terraform.state();
      const rules = await rulesInForce();

      const said = adopt(folder, ".", "--into", ".");
      expect(said.match(/rds-mysql: 2 groups, 11 rules/g)).toHaveLength(ESTATES[name]?.workloads ?? 0);
      root.deleteAdopted();
      expect(takeOver(terraform)).toContain(`Plan: ${NOTHING}`);
      expect(await rulesInForce()).toStrictEqual(rules);
      const managed = terraform.state().filter(isOfGroups);
      expect(managed.filter((address) => !address.startsWith("module."))).toStrictEqual([]);
      expect(managed).toHaveLength(state.filter(isOfGroups).length);

      expect(root.takeBack()).toContain(`Plan: ${NOTHING}`);
      expect(terraform.state()).toStrictEqual(state);
      expect(await rulesInForce()).toStrictEqual(rules);
      terraform.destroy();
    },
  );

  test("a new root imports them, the old one releases them, and back", async () => {
    const root = running("in the root");
    const { folder, terraform } = root;
    const state = terraform.state();
    const rules = await rulesInForce();
    const adopted = join(folder, "adopted");

    // 3: nothing tells the blocks of the two groups from rules that others made.
    expect(() => adopt(folder, "terraform.tfstate", "--into", "adopted")).toThrow(/exited with 3/);
    const next = new Terraform(adopted).init();
    const groups = state.filter(isOfGroups);
    expect(planned(next, "new.json")).toContain(`Plan: ${groups.length} to import, ${NOTHING}`);
    root.deleteAdopted();
    cpSync(join(adopted, "old-root/released.tf.json"), join(folder, "released.tf.json"));
    planned(terraform.init(), "old.json");
    expect(() => adopt(folder, "--check-plan", "old.json")).toThrow(/exited with 1/);
    expect(adopt(folder, "--check-plan", "adopted/new.json", "old.json")).toContain(
      `${groups.length} imported, 0 moved, ${groups.length} forgotten`,
    );
    next.run("apply", "-no-color", "plan");
    terraform.run("apply", "-no-color", "plan");
    for (const one of [next, terraform]) expectNoChanges(one);
    expect(await rulesInForce()).toStrictEqual(rules);

    rmSync(join(folder, "released.tf.json"));
    root.restore();
    cpSync(join(adopted, "undo/old-root.tf.json"), join(folder, "old-root.tf.json"));
    rmSync(join(adopted, "adopted.tf.json"));
    cpSync(join(adopted, "undo/new-root.tf.json"), join(adopted, "released.tf.json"));
    expect(planned(terraform.init(), "old.json")).toContain(`Plan: ${groups.length} to import, ${NOTHING}`);
    planned(next.init(), "new.json");
    adopt(folder, "--check-plan", "adopted/new.json", "old.json");
    terraform.run("apply", "-no-color", "plan");
    next.run("apply", "-no-color", "plan");
    rmSync(join(folder, "old-root.tf.json"));
    expect(next.state()).toStrictEqual([]);
    expectNoChanges(terraform);
    expect(terraform.state()).toStrictEqual(state);
    expect(await rulesInForce()).toStrictEqual(rules);
    terraform.destroy();
  });

  test("a plan that does more is rejected: with a rule that is not the same any more", () => {
    const root = running("in the root");
    const { folder, terraform } = root;
    adopt(folder, ".", "--into", ".");
    root.deleteAdopted();
    const file = join(folder, "adopted.tf.json");
    const written = readFileSync(file, "utf8");
    expect(readdirSync(folder)).toContain("adoption.md");
    for (const [from, to, words] of [
      ['"from_port": 80', '"from_port": 79', /changed in place, after which 1 rule would be gone/],
      ['"name": "team-a"', '"name": "team-z"', /would be replaced/],
      ['"several": {', '"severed": {', /would be destroyed[\s\S]*would be created/],
    ] as const) {
      expect(written).toContain(from);
      writeFileSync(file, written.replace(from, to));
      planned(terraform.init());
      expect(() => adopt(folder, "--check-plan", "plan.json")).toThrow(words);
    }
    writeFileSync(file, written.replace('"Owner": "$${x}"', '"Owner": "y"'));
    planned(terraform);
    expect(adopt(folder, "--check-plan", "plan.json")).toContain("changes tags, tags_all");
    rmSync(file);
    terraform.destroy();
  });
});
