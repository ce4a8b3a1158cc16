import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Traffic } from "../../network/traffic";
import type { Report } from "../../verify/checks/model";
import { flowIdText } from "../../verify/expect/flow-id";
import { conditionWords } from "../../verify/report/condition-words";
import { cureTerraform, cureWriter } from "../../verify/report/cure-terraform";
import { verify } from "../../verify/verify";
import { temporaryFolder } from "../support/folders";
import { PROJECT } from "../support/project";

const MODULE = join(PROJECT, "cdktf.out/stacks/rds-mysql");
const WORKER = 'var.security_groups["k8s_worker"]';
const INGRESS = 'var.security_groups["k8s_ingress"]';
const RDS = "aws_security_group.rds";
const PODS = "aws_security_group.pods";

type Arguments = Record<string, unknown>;

/** Verifies a copy of the module's folder whose rules were changed. */
async function verifyWith(change: (rules: Record<string, Arguments>) => void): Promise<Report> {
  const folder = temporaryFolder();
  cpSync(MODULE, folder, { recursive: true });
  const file = join(folder, "cdk.tf.json");
  const configuration = JSON.parse(readFileSync(file, "utf8"));
  change(configuration.resource.aws_security_group_rule);
  writeFileSync(file, JSON.stringify(configuration, null, 2));
  return verify(folder);
}

const broken = (report: Report) =>
  report.verdicts.filter(({ status }) => status === "broken").map(({ flow }) => flowIdText(flow.id));

// The article's table once more: which flow a rule carries, and what the rule is.
const LIVE: [rule: string, flow: string, group: string, direction: string, peer: string, Traffic][] = [
  ["pods_egress_https_all", "RQ1", PODS, "egress", "0.0.0.0/0", tcp(443)],
  ["pods_egress_http_all", "RQ1", PODS, "egress", "0.0.0.0/0", tcp(80)],
  ["pods_ingress_all_tcp_from_ingress_security_group", "RQ2", PODS, "ingress", INGRESS, tcp(0, 65535)],
  ["pods_egress_to_rds", "RQ3", PODS, "egress", RDS, tcp(3306)],
  ["rds_ingress_from_pods", "RQ3", RDS, "ingress", PODS, tcp(3306)],
  ["pods_egress_dns_tcp_to_worker_security_group", "RQ4", PODS, "egress", WORKER, tcp(53)],
  ["pods_egress_dns_udp_to_worker_security_group", "RQ4", PODS, "egress", WORKER, udp(53)],
  ["worker_ingress_dns_tcp_from_pods_security_group", "RQ4", WORKER, "ingress", PODS, tcp(53)],
  ["worker_ingress_dns_udp_from_pods_security_group", "RQ4", WORKER, "ingress", PODS, udp(53)],
  ["pods_ingress_all_tcp_from_worker_security_group", "RQ5", PODS, "ingress", WORKER, tcp(0, 65535)],
];

function tcp(from: number, to = from): Traffic {
  return { protocol: "tcp", ports: { from, to } };
}

function udp(from: number, to = from): Traffic {
  return { protocol: "udp", ports: { from, to } };
}

describe("the article's module as it is committed", () => {
  let report: Report;
  beforeAll(async () => {
    report = await verify(MODULE);
  });

  test.each([
    ["RQ1", "holds", ["pods_egress_http_all", "pods_egress_https_all"]],
    ["RQ2", "holds-if", ["pods_ingress_all_tcp_from_ingress_security_group"]],
    ["RQ3", "holds", ["pods_egress_to_rds", "rds_ingress_from_pods"]],
    [
      "RQ4",
      "holds",
      [
        "pods_egress_dns_tcp_to_worker_security_group",
        "pods_egress_dns_udp_to_worker_security_group",
        "worker_ingress_dns_tcp_from_pods_security_group",
        "worker_ingress_dns_udp_from_pods_security_group",
      ],
    ],
    ["RQ5", "holds-if", ["pods_ingress_all_tcp_from_worker_security_group"]],
  ])("%s %s, carried by its rules", (id, status, rules) => {
    const verdict = report.verdicts.find(({ flow }) => flowIdText(flow.id) === id);
    expect(verdict?.status).toBe(status);
    expect(verdict?.halves.flatMap(({ admittedBy }) => admittedBy).sort()).toStrictEqual(
      rules.map((rule) => `aws_security_group_rule.${rule}`),
    );
  });

  test("the conditions name the groups that are not declared here and what they must permit", () => {
    const conditions = report.verdicts.flatMap((verdict) => verdict.conditions.map(conditionWords));
    expect(conditions).toStrictEqual([
      `${INGRESS} allows egress all TCP to pods`,
      `${WORKER} allows egress all TCP to pods`,
    ]);
  });

  test("what must stay closed is closed", () => {
    const denied = report.verdicts.filter(({ flow }) => flow.expect === "deny");
    expect(denied.map(({ flow, status }) => [flowIdText(flow.id), status])).toStrictEqual([
      ["worker-not-to-database", "holds"],
      ["ingress-not-to-database", "holds"],
      ["internet-not-to-pods", "holds"],
      ["internet-not-to-database", "holds"],
      ["pods-not-to-other-internet", "holds"],
    ]);
  });

  test("whoever calls it gets no warning: that rds_ingress_to_self carries nothing is said with its reason", () => {
    expect(report.findings).toStrictEqual([]);
    expect(report.suppressed).toHaveLength(1);
    expect(report.suppressed[0]).toMatchObject({
      reason: expect.stringContaining("the article"),
      check: "dead-rule",
      severity: "warning",
      address: "aws_security_group_rule.rds_ingress_to_self",
    });
  });
});

describe("every rule matters: without it the flow that it carries is broken, and the cure is that very rule", () => {
  test.each(LIVE)("%s carries %s", async (rule, flow, group, direction, peer, traffic) => {
    const report = await verifyWith((rules) => delete rules[rule]);
    expect(broken(report)).toStrictEqual([flow]);
    const cures = report.verdicts.find((verdict) => flowIdText(verdict.flow.id) === flow)?.cures;
    expect(cures).toStrictEqual([
      {
        group,
        direction,
        traffic,
        peer: peer.includes("/") ? { kind: "cidr", cidr: peer } : { kind: "group", group: peer },
        near: expect.any(String),
        far: expect.any(String),
      },
    ]);
    expect(cureTerraform(cureWriter(report)(cures ?? []))).toStrictEqual([
      expect.stringContaining('resource "aws_security_group_rule"'),
    ]);
  });

  test("rds_ingress_to_self carries nothing: without it nothing is broken, and nothing left to suppress", async () => {
    const report = await verifyWith((rules) => delete rules["rds_ingress_to_self"]);
    expect(broken(report)).toStrictEqual([]);
    expect(report.findings).toStrictEqual([]);
    expect(report.suppressed).toStrictEqual([]);
  });
});

describe("a changed rule is reported on the flow that it carried", () => {
  const isRange = (rule: Arguments) => rule["from_port"] !== rule["to_port"];
  const CHANGES: Record<string, (rule: Arguments) => void> = {
    "another port": (rule) => {
      if (isRange(rule)) rule["from_port"] = 1;
      else Object.assign(rule, { from_port: 4444, to_port: 4444 });
    },
    "another protocol": (rule) => {
      rule["protocol"] = rule["protocol"] === "tcp" ? "udp" : "tcp";
    },
    "the other direction": (rule) => {
      rule["type"] = rule["type"] === "ingress" ? "egress" : "ingress";
    },
    "another peer": (rule) => {
      if (rule["cidr_blocks"]) rule["cidr_blocks"] = ["10.0.0.0/8"];
      else rule["source_security_group_id"] = "sg-0f0f0f0f";
    },
    "a narrower range": (rule) => {
      if (isRange(rule)) rule["to_port"] = 1023;
      else if (rule["cidr_blocks"]) rule["cidr_blocks"] = ["0.0.0.0/1"];
      else Object.assign(rule, { from_port: 0, to_port: 0 });
    },
    "another group": (rule) => {
      rule["security_group_id"] = "sg-0f0f0f0f";
    },
  };
  const mutants = LIVE.flatMap(([rule, flow, group, direction, , traffic]) =>
    Object.keys(CHANGES).map((change) => ({ rule, flow, group, direction, traffic, change })),
  );

  test.each(mutants)("$rule with $change", async ({ rule, flow, group, direction, traffic, change }) => {
    const report = await verifyWith((rules) => CHANGES[change]?.(rules[rule] as Arguments));
    expect(broken(report)).toContain(flow);
    const cures = report.verdicts.find((verdict) => flowIdText(verdict.flow.id) === flow)?.cures ?? [];
    expect(cures.every((cure) => cure.group === group && cure.direction === direction)).toBe(true);
    // What is proposed is what is missing: all of the rule, or the part that the change took away.
    const [cure] = cures;
    expect(cure?.traffic.protocol).toBe(traffic.protocol);
  });

  // The dead rule stays dead, or opens what a finding names; no allowed flow depends on it.
  test.each(Object.keys(CHANGES))(
    "rds_ingress_to_self with %s breaks nothing that is wanted",
    async (change) => {
      const report = await verifyWith((rules) => {
        const rule = rules["rds_ingress_to_self"] as Arguments;
        if (change === "another peer") delete rule["self"];
        CHANGES[change]?.(rule);
      });
      const allowed = report.verdicts.filter(({ flow }) => flow.expect === "allow");
      expect(allowed.map(({ status }) => status)).not.toContain("broken");
    },
  );
});

describe("a rule that opens what must stay closed is named", () => {
  const opening = (more: Arguments): Arguments => ({
    type: "ingress",
    security_group_id: "${aws_security_group.rds.id}",
    protocol: "tcp",
    from_port: 3306,
    to_port: 3306,
    description: "opens",
    ...more,
  });

  test("the internet to the database", async () => {
    const report = await verifyWith((rules) => {
      rules["opens"] = opening({ cidr_blocks: ["0.0.0.0/0"] });
    });
    expect(broken(report)).toStrictEqual(["internet-not-to-database"]);
    expect(
      report.verdicts.find(({ flow }) => flowIdText(flow.id) === "internet-not-to-database")?.openedBy,
    ).toStrictEqual(["aws_security_group_rule.opens"]);
    expect(report.findings.map(({ severity }) => severity)).toContain("error");
  });

  test("the worker nodes to the database: their own egress is not known, so it holds only if they refuse it", async () => {
    const report = await verifyWith((rules) => {
      rules["opens"] = opening({ source_security_group_id: `\${${WORKER}}` });
    });
    const verdict = report.verdicts.find(({ flow }) => flowIdText(flow.id) === "worker-not-to-database");
    expect(verdict?.status).toBe("holds-if");
    expect(verdict?.conditions.map(conditionWords).join()).toContain(WORKER);
    expect(report.findings.map(({ check }) => check)).toContain("database-open-to-nodes");
  });

  test("the pods to any port of the internet", async () => {
    const report = await verifyWith((rules) => {
      rules["pods_egress_https_all"] = {
        ...rules["pods_egress_https_all"],
        protocol: "-1",
        from_port: 0,
        to_port: 0,
      };
    });
    expect(broken(report)).toStrictEqual(["pods-not-to-other-internet"]);
  });
});

describe("in the mode standard", () => {
  test("traffic to the internet leaves with the node's group, so RQ1 depends on that one", async () => {
    const report = await verify(MODULE, { mode: "standard" });
    const rq1 = report.verdicts.find(({ flow }) => flowIdText(flow.id) === "RQ1");
    expect(rq1?.status).toBe("holds-if");
    expect(rq1?.conditions.map(conditionWords)).toStrictEqual([
      `${WORKER} allows egress TCP 80, 443 to internet`,
    ]);
  });
});
