import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  adopt,
  article,
  expectNoChanges,
  isOfGroups,
  NOTHING,
  planned,
  RunningRoot,
  takeOver,
} from "./support/adopt";
import { byClient, describeInBothLists } from "./support/by-client";
import { killedApply } from "./support/kill";
import { listed } from "./support/listed";
import { rulesInForce } from "./support/rules-in-force";
import { isAll } from "./support/sample";
import { awsStage } from "./support/stage";
import { Terraform } from "./support/terraform";

const { reason } = awsStage();

const AROUND = `resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_ec2_managed_prefix_list" "offices" {
  name           = "offices"
  address_family = "IPv4"
  max_entries    = 3
}
`;

const PEER = `resource "aws_security_group" "peer" {
  name        = "peer"
  description = "Peer"
  vpc_id      = aws_vpc.main.id
}
`;

/**
 * A group in each form, with the same rules. Those whose peer is a group or a prefix list have no description, because the emulator
 * drops it from one of its two lists.
 */
const GROUPS: Readonly<Record<string, string>> = {
  inline: `resource "aws_security_group" "inline" {
  name        = "inline"
  description = "Blocks"
  vpc_id      = aws_vpc.main.id

  ingress {
    protocol         = "tcp"
    from_port        = 443
    to_port          = 443
    cidr_blocks      = ["10.2.0.0/16", "10.1.0.0/16"]
    ipv6_cidr_blocks = ["2001:db8::/32"]
    description      = "HTTPS"
  }

  ingress {
    protocol        = "udp"
    from_port       = 53
    to_port         = 60
    prefix_list_ids = [aws_ec2_managed_prefix_list.offices.id]
    security_groups = [aws_security_group.peer.id]
    self            = true
  }

  dynamic "egress" {
    for_each = ["0.0.0.0/0"]
    content {
      protocol    = "-1"
      from_port   = 0
      to_port     = 0
      cidr_blocks = [egress.value]
    }
  }
}
`,
  classic: `resource "aws_security_group" "classic" {
  name        = "classic"
  description = "Classic"
  vpc_id      = aws_vpc.main.id
  tags        = { Team = "a" }
}

resource "aws_security_group_rule" "https" {
  security_group_id = aws_security_group.classic.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["10.2.0.0/16", "10.1.0.0/16"]
  ipv6_cidr_blocks  = ["2001:db8::/32"]
  description       = "HTTPS"
}

resource "aws_security_group_rule" "dns" {
  for_each                 = { peer = aws_security_group.peer.id, self = null, offices = null }
  security_group_id        = aws_security_group.classic.id
  type                     = "ingress"
  protocol                 = "udp"
  from_port                = 53
  to_port                  = 60
  source_security_group_id = each.value
  self                     = each.key == "self" ? true : null
  prefix_list_ids          = each.key == "offices" ? [aws_ec2_managed_prefix_list.offices.id] : null
}

resource "aws_security_group_rule" "all" {
  security_group_id = aws_security_group.classic.id
  type              = "egress"
  protocol          = "all"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}
`,
  "per-rule": `resource "aws_security_group" "single" {
  for_each    = toset(["per-rule"])
  name        = each.key
  description = "Single"
  vpc_id      = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  count             = 2
  security_group_id = aws_security_group.single["per-rule"].id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.\${count.index + 1}.0.0/16"
  description       = "HTTPS"
  tags              = { Team = "b" }
}

resource "aws_vpc_security_group_ingress_rule" "six" {
  security_group_id = aws_security_group.single["per-rule"].id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv6         = "2001:db8::/32"
  description       = "HTTPS"
}

resource "aws_vpc_security_group_ingress_rule" "dns" {
  for_each                     = { peer = aws_security_group.peer.id, self = aws_security_group.single["per-rule"].id, offices = null }
  security_group_id            = aws_security_group.single["per-rule"].id
  ip_protocol                  = "udp"
  from_port                    = 53
  to_port                      = 60
  referenced_security_group_id = each.value
  prefix_list_id               = each.key == "offices" ? aws_ec2_managed_prefix_list.offices.id : null
}

resource "aws_vpc_security_group_egress_rule" "all" {
  security_group_id = aws_security_group.single["per-rule"].id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}
`,
};
const PER_GROUP = 7;

/** A root with the groups of some forms. */
function running(forms: readonly string[]): RunningRoot {
  const groups = forms.map((form) => GROUPS[form]).join("\n");
  return new RunningRoot({ "around.tf": AROUND }, { "peer.tf": PEER, "groups.tf": groups });
}

/** What a plan and its check say of some imports and forgotten objects, and of nothing else. */
const saying = (imported: number, forgotten: number) => [
  `Plan: ${imported === 0 ? "" : `${imported} to import, `}${NOTHING}`,
  `${imported} imported, `,
  `${forgotten} forgotten`,
];

describe.skipIf(reason)("rules get another form", () => {
  /** How many resources the three groups have in the form, and how many have the others together. */
  const FORMS = {
    "per-rule": {
      imported: 2 * PER_GROUP,
      forgotten: 5,
      resource: /aws_vpc_security_group_(in|e)gress_rule/,
    },
    classic: { imported: 2 * PER_GROUP, forgotten: PER_GROUP, resource: /aws_security_group_rule/ },
    inline: { imported: 0, forgotten: 5 + PER_GROUP, resource: /^$/ },
  };

  test.runIf(isAll).each(Object.entries(FORMS))(
    "those of all groups become %s in one apply, and get back what they had",
    async (form, { imported, forgotten, resource }) => {
      const root = running(Object.keys(GROUPS));
      const { folder, terraform } = root;
      const state = terraform.state();
      const rules = await rulesInForce();
      listed(folder, "rules.json", "describe_security_group_rules");

      const said = adopt(folder, ".", "rules.json", "--into", ".", "--rules", form);
      expect(said.match(new RegExp(` to ${form}$`, "gm"))).toHaveLength(2);
      root.deleteAdopted();
      const plan = takeOver(terraform);
      for (const words of saying(imported, forgotten)) expect(plan).toContain(words);
      expect(plan).not.toContain("in place:");
      expect(await rulesInForce()).toStrictEqual(rules);
      const held = terraform.state().filter(isOfGroups);
      expect(held.filter((address) => !address.startsWith("module."))).toStrictEqual([]);
      expect(held.filter((address) => resource.test(address.replace(/^module\.\w+\./, "")))).toHaveLength(
        form === "inline" ? 0 : 3 * PER_GROUP - (form === "classic" ? 2 : 0),
      );

      const back = root.takeBack();
      for (const words of saying(forgotten, imported)) expect(back).toContain(words);
      expect(terraform.state()).toStrictEqual(state);
      expect(await rulesInForce()).toStrictEqual(rules);
      terraform.destroy();
    },
  );

  test("one group after the other form: inline, classic, per-rule, inline, with no list of rules", async () => {
    const root = running(["inline"]);
    const { folder, terraform } = root;
    const rules = await rulesInForce();
    const rejected = () => adopt(folder, ".", "--into", ".", "--rules", "inline=per-rule");
    expect(rejected).toThrow(/exited with 1[\s\S]*aws ec2 describe-security-group-rules --region eu-west-1/);

    adopt(folder, ".", "--into", ".", "--rules", "inline=classic");
    root.deleteAdopted();
    expect(takeOver(terraform)).toContain(`Plan: ${PER_GROUP} to import, ${NOTHING}`);
    for (const [step, form, imported, forgotten] of [
      [1, "per-rule", PER_GROUP, PER_GROUP],
      [2, "inline", 0, PER_GROUP],
      [3, "classic", PER_GROUP, 0],
    ] as const) {
      const next = `step-${step}`;
      adopt(folder, ".", "--into", next, "--rules", `inline=${form}`);
      cpSync(join(folder, next, "adopted.tf.json"), join(folder, "adopted.tf.json"));
      const plan = takeOver(terraform);
      for (const words of saying(imported, forgotten)) expect(plan).toContain(words);
      expect(await rulesInForce()).toStrictEqual(rules);
    }
    terraform.destroy();
  });
});

/** Applies a planned root; where the apply is killed in the middle, the next one ends it, unless only the end was missing. */
async function applyKilled(terraform: Terraform, check: () => void): Promise<void> {
  const isKilled = (await killedApply(terraform)) !== undefined;
  const isLeft = /^Plan: |will be removed from/m.test(planned(terraform));
  if (isKilled && isLeft) check();
  terraform.run("apply", "-no-color", "plan");
}

describe.skipIf(reason)("rules get another form on their way into another root", () => {
  test.runIf(isAll).each([
    ["per-rule", 3 * PER_GROUP, 5 + PER_GROUP],
    ["classic", 3 * PER_GROUP - 2, 5 + PER_GROUP],
    ["inline", 0, 5 + PER_GROUP],
  ])(
    "%s: the old root releases, the new one imports, each is killed in the middle; and back",
    async (form, held, had) => {
      const root = running(Object.keys(GROUPS));
      const { folder, terraform } = root;
      const state = terraform.state();
      const rules = await rulesInForce();
      listed(folder, "rules.json", "describe_security_group_rules");
      const groups = 4;

      expect(adopt(folder, ".", "rules.json", "--import", "--into", "adopted", "--rules", form)).toContain(
        "the old root releases the objects, then the new root imports them",
      );
      const next = new Terraform(join(folder, "adopted")).init();
      expect(planned(next)).toContain(`Plan: ${groups + held} to import, ${NOTHING}`);
      root.deleteAdopted();
      cpSync(join(folder, "adopted/old-root/released.tf.json"), join(folder, "released.tf.json"));
      planned(terraform);
      const check = () => adopt(folder, "--check-plan", "adopted/plan.json", "plan.json");
      expect(check()).toContain(
        `${groups + held} imported, 0 moved, ${groups + had} forgotten, 0 changed in place.`,
      );
      await applyKilled(terraform, check);
      expect(terraform.state().filter(isOfGroups)).toStrictEqual([]);
      await applyKilled(next, check);
      for (const one of [terraform, next]) expectNoChanges(one);
      expect(next.state()).toHaveLength(groups + held);
      expect(await rulesInForce()).toStrictEqual(rules);

      rmSync(join(folder, "released.tf.json"));
      root.restore();
      cpSync(join(folder, "adopted/undo/old-root.tf.json"), join(folder, "undo.tf.json"));
      rmSync(join(folder, "adopted/adopted.tf.json"));
      cpSync(join(folder, "adopted/undo/new-root.tf.json"), join(folder, "adopted/released.tf.json"));
      expect(planned(terraform)).toContain(`Plan: ${groups + had} to import, ${NOTHING}`);
      planned(next.init());
      check();
      next.run("apply", "-no-color", "plan");
      await applyKilled(terraform, check);
      rmSync(join(folder, "undo.tf.json"));
      expect(next.state()).toStrictEqual([]);
      expectNoChanges(terraform);
      expect(terraform.state()).toStrictEqual(state);
      expect(await rulesInForce()).toStrictEqual(rules);
      terraform.destroy();
    },
  );
});

describe.skipIf(reason)("rules that no state has get a form", () => {
  test.runIf(isAll).each([
    ["per-rule", 4 + 3 * PER_GROUP],
    ["classic", 4 + 3 * PER_GROUP],
    ["inline", 4],
  ])("%s: a new root imports them, and lets them go again", async (form, imported) => {
    const maker = running(Object.keys(GROUPS)).terraform;
    const rules = await rulesInForce();
    const { folder } = maker;
    const vpc = /"(vpc-[0-9a-f]+)"/.exec(maker.run("show", "-json"))?.[1] ?? "";
    const Filters = [{ Name: "vpc-id", Values: [vpc] }];
    listed(folder, "groups.json", "describe_security_groups", { Filters });
    listed(folder, "rules.json", "describe_security_group_rules");
    adopt(folder, "groups.json", "rules.json", "--into", "adopted", "--rules", form);
    const next = new Terraform(join(folder, "adopted"));
    expect(takeOver(next)).toContain(`Plan: ${imported} to import, ${NOTHING}`);
    expect(await rulesInForce()).toStrictEqual(rules);

    rmSync(join(next.folder, "adopted.tf.json"));
    cpSync(join(next.folder, "undo/new-root.tf.json"), join(next.folder, "released.tf.json"));
    planned(next);
    adopt(next.folder, "--check-plan", "plan.json", "--undo");
    next.run("apply", "-no-color", "plan");
    expect(next.state()).toStrictEqual([]);
    expect(await rulesInForce()).toStrictEqual(rules);
    maker.destroy();
  });
});

/** Groups of a cluster that no state of ours has. @returns the ids of the VPC and of the groups of nodes and of ingress, as Terraform writes them */
function clusterElsewhere(): string[] {
  const printed = byClient(`
vpc = client.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
create = lambda name: client.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
print(json.dumps([vpc, create("worker"), create("ingress")]))`);
  return (JSON.parse(printed) as string[]).map((id) => JSON.stringify(id));
}

/** The committed module, called as its page says. */
const workload = (vpc = "", worker = "", ingress = "", more = 'name = "orders"') => ({
  "orders.tf": `module "orders" {
  source          = "./rds-mysql"
  vpc_id          = ${vpc}
  security_groups = { k8s_worker = ${worker}, k8s_ingress = ${ingress} }
  ${more}
}
`,
  "rds-mysql/cdk.tf.json": readFileSync(
    join(awsStage().copy, "cdktf.out/stacks/rds-mysql/cdk.tf.json"),
    "utf8",
  ),
});

/** A root of workloads that call rds-mysql, without any other resource. */
const settings = article.place.replace(/resource [\s\S]*/, "");

/** What runs, how many workloads that is, and how many blocks the cluster's groups have. */
const WORKLOADS: Readonly<Record<string, () => [root: RunningRoot, workloads: number, blocks: number]>> = {
  "the cluster's groups are in another state": () => [
    new RunningRoot({ "settings.tf": settings }, workload(...clusterElsewhere())),
    1,
    0,
  ],
  "two workloads of for_each, and the cluster's groups with blocks": () => [
    new RunningRoot(
      { "place.tf": article.place },
      {
        "cluster.tf": article.cluster,
        ...workload(
          ...["aws_vpc.cluster.id", "aws_security_group.worker.id", "aws_security_group.ingress.id"],
          'for_each = toset(["orders", "payments"])\n  name = each.key',
        ),
      },
    ),
    2,
    2,
  ],
};

describe.skipIf(reason)("rds-mysql becomes mysql and pod-group by one command", () => {
  test.each(Object.keys(WORKLOADS).filter((_, index) => isAll || index === 0))("%s", async (name) => {
    const [root, workloads, blocks] = (WORKLOADS[name] as (typeof WORKLOADS)[string])();
    describeInBothLists();
    const { folder, terraform } = root;
    const state = terraform.state();
    const rules = await rulesInForce();
    if (blocks > 0) listed(folder, "rules.json", "describe_security_group_rules");

    const said = adopt(
      folder,
      ".",
      ...(blocks > 0 ? ["rules.json"] : []),
      "--into",
      ".",
      "--rules",
      "per-rule",
    );
    expect(said.match(/ mysql: 1 group, 3 rules/g)).toHaveLength(workloads);
    expect(said.match(/ pod-group: 1 group, 8 rules/g)).toHaveLength(workloads);
    root.deleteAdopted();
    const plan = takeOver(terraform);
    const all = 11 * workloads;
    for (const words of saying(all + blocks, all)) expect(plan).toContain(words);
    expect(plan).not.toContain("in place:");
    expect(await rulesInForce()).toStrictEqual(rules);
    const held = terraform.state().filter(isOfGroups);
    expect(held).toHaveLength(state.filter(isOfGroups).length + blocks);
    expect(held.filter((address) => /^aws|aws_security_group_rule/.test(address))).toStrictEqual([]);

    const back = root.takeBack();
    for (const words of saying(all, all + blocks)) expect(back).toContain(words);
    expect(terraform.state()).toStrictEqual(state);
    expect(await rulesInForce()).toStrictEqual(rules);
    terraform.destroy();
  });
});
