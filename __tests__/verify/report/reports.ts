import { callerOf, moduleOf, relativeTo } from "../../../expression/address";
import type { RulePeer } from "../../../network/peers";
import type { Traffic } from "../../../network/traffic";
import type { Finding, Report, SuppressedFinding } from "../../../verify/checks/model";
import { flowIdText } from "../../../verify/expect/flow-id";
import type { Endpoint, Flow } from "../../../verify/expect/model";
import type { Group, SecurityGroupRule } from "../../../verify/inventory/model";
import type { Condition, Cure, Verdict } from "../../../verify/judge/model";

/** Reports as the other parts of the verifier make them, written by hand. */

export const FILE = "cdktf.out/stacks/rds-mysql/cdk.tf.json";
const WORKER = 'var.security_groups["k8s_worker"]';
const INGRESS = 'var.security_groups["k8s_ingress"]';

export function tcp(from: number, to = from): Traffic {
  return { protocol: "tcp", ports: { from, to } };
}

export function udp(from: number, to = from): Traffic {
  return { protocol: "udp", ports: { from, to } };
}

export function group(key: string, more: Partial<Group> = {}): Group {
  return {
    key,
    label: key,
    knowledge: "all",
    tags: {},
    forms: new Set(["classic"]),
    roles: new Set(),
    declaredAt: { file: FILE, line: 40 },
    ...more,
  };
}

/** A group that the input names and does not declare. */
export function foreign(key: string): Group {
  const { declaredAt, ...rest } = group(key, { knowledge: "some", forms: new Set() });
  return rest;
}

export function rule(
  address: string,
  owner: string,
  direction: "ingress" | "egress",
  peer: string | RulePeer,
  traffic: Traffic,
  line = 100,
): SecurityGroupRule {
  const named: RulePeer = /^[0-9]|:/.test(String(peer))
    ? { kind: "cidr", cidr: String(peer) }
    : { kind: "group", group: String(peer) };
  return {
    address,
    form: "classic",
    group: owner,
    direction,
    traffic,
    peer: typeof peer === "string" ? named : peer,
    source: { file: FILE, line },
  };
}

export function endpoint(name: string, groups: readonly string[], cidrs?: readonly string[]): Endpoint {
  return { name, groups, ...(cidrs && { cidrs }) };
}

/** @param id a name, of the root unless it begins with a module call and a slash */
export function flow(
  id: string,
  expect: Flow["expect"],
  from: Endpoint,
  to: Endpoint,
  traffic: readonly Traffic[],
  description?: string,
): Flow {
  const [, module = "", name = id] = /^(module\.[\w.]+)\/(.*)$/s.exec(id) ?? [];
  return {
    id: { module, name },
    expect,
    from,
    to,
    traffic,
    required: new Set(),
    ...(description && { description }),
  };
}

const isDeclared = ({ groups }: Endpoint) =>
  groups.length > 0 && groups.every((group) => /(^|\.)aws_security_group\./.test(group));

/** A group by its address in its own module, where no outputs are known; what is declared elsewhere in the root. */
function nameOfOwn(module: string, key: string): string | undefined {
  if (!/(^|\.)aws_security_group\./.test(key)) return module === "" ? key : undefined;
  return moduleOf(key) === module ? `${relativeTo(module, key)}.id` : undefined;
}

/** A verdict on a flow; halves are given as the rules that admit them, and what is missing. */
export function verdict(
  of: Flow,
  status: Verdict["status"],
  parts: {
    out?: readonly string[];
    into?: readonly string[];
    outMissing?: readonly Traffic[];
    intoMissing?: readonly Traffic[];
    conditions?: readonly Condition[];
    cures?: readonly Cure[];
    openedBy?: readonly string[];
  } = {},
): Verdict {
  return {
    flow: of,
    status,
    halves: [
      {
        direction: "egress",
        endpoint: of.from,
        admittedBy: parts.out ?? [],
        missing: parts.outMissing ?? [],
        isClosed: isDeclared(of.from) && !parts.out?.length,
      },
      {
        direction: "ingress",
        endpoint: of.to,
        admittedBy: parts.into ?? [],
        missing: parts.intoMissing ?? [],
        isClosed: isDeclared(of.to) && !parts.into?.length,
      },
    ],
    conditions: parts.conditions ?? [],
    cures: parts.cures ?? [],
    openedBy: parts.openedBy ?? [],
  };
}

/** That a group which is declared elsewhere lets traffic out. */
function permits(group: string, traffic: Traffic, endpoint: string): Condition {
  return {
    kind: "is",
    fact: { kind: "group", group, label: group, direction: "egress", traffic: [traffic], endpoint },
  };
}

export function report(more: Partial<Report> = {}): Report {
  return {
    path: "cdktf.out/stacks/rds-mysql",
    kind: "configuration",
    mode: "strict",
    groups: [],
    rules: [],
    verdicts: [],
    findings: [],
    suppressed: [],
    notes: [],
    calls: [],
    names: {
      nameIn: nameOfOwn,
      callOf: (module) => relativeTo(callerOf(module), module),
      isTaken: () => false,
      mayBeAbsent: () => false,
    },
    modules: [],
    ...more,
  };
}

export function finding(more: Partial<Finding> = {}): Finding {
  return {
    check: "one-sided-rule",
    severity: "warning",
    address: "aws_security_group_rule.rds_ingress_to_self",
    message:
      "aws_security_group_rule.rds_ingress_to_self carries no traffic: aws_security_group.rds has no egress rule for " +
      "TCP 3306 to itself. Remove the rule, or add the egress rule.",
    source: { file: FILE, line: 148 },
    ...more,
  };
}

export function suppressed(reason: string, more: Partial<Finding> = {}): SuppressedFinding {
  return { ...finding(more), reason };
}

const everythingElse: Traffic[] = [
  ...Array.from({ length: 256 }, (_, number) => number)
    .filter((number) => ![1, 6, 17, 58].includes(number))
    .map((number): Traffic => ({ protocol: "other", number })),
  { protocol: "icmp", type: -1, code: -1 },
  tcp(0, 79),
  tcp(81, 442),
  tcp(444, 65535),
  udp(0, 65535),
  { protocol: "icmpv6", type: -1, code: -1 },
];

/** The article's module as it is, below a module's address or at the root. */
export function article(prefix = "", more: Partial<Report> = {}): Report {
  const [pods, rds] = [`${prefix}aws_security_group.pods`, `${prefix}aws_security_group.rds`];
  const at = (name: string) => `${prefix}aws_security_group_rule.${name}`;
  const id = (name: string) => (prefix === "" ? name : `${prefix.slice(0, -1)}/${name}`);
  const ends = {
    pods: { ...endpoint("pods", [pods]), isOnNodes: true },
    rds: endpoint("database", [rds]),
    worker: endpoint("worker", [WORKER]),
    ingress: endpoint("ingress", [INGRESS]),
    internet: endpoint("internet", [], ["internet"]),
  };
  return report({
    groups: [
      group(rds, { roles: new Set(["database"]) }),
      group(pods, { roles: new Set(["pods"]) }),
      foreign(WORKER),
      foreign(INGRESS),
    ],
    rules: [
      rule(at("rds_ingress_from_pods"), rds, "ingress", pods, tcp(3306), 140),
      rule(at("rds_ingress_to_self"), rds, "ingress", rds, tcp(3306), 148),
      rule(
        at("pods_ingress_all_tcp_from_worker_security_group"),
        pods,
        "ingress",
        WORKER,
        tcp(0, 65535),
        130,
      ),
      rule(
        at("pods_ingress_all_tcp_from_ingress_security_group"),
        pods,
        "ingress",
        INGRESS,
        tcp(0, 65535),
        121,
      ),
      rule(at("pods_egress_to_rds"), pods, "egress", rds, tcp(3306), 112),
      rule(at("pods_egress_https_all"), pods, "egress", "0.0.0.0/0", tcp(443), 103),
      rule(at("pods_egress_http_all"), pods, "egress", "0.0.0.0/0", tcp(80), 94),
      rule(at("pods_egress_dns_tcp_to_worker_security_group"), pods, "egress", WORKER, tcp(53), 76),
      rule(at("pods_egress_dns_udp_to_worker_security_group"), pods, "egress", WORKER, udp(53), 85),
      rule(at("worker_ingress_dns_tcp_from_pods_security_group"), WORKER, "ingress", pods, tcp(53), 157),
      rule(at("worker_ingress_dns_udp_from_pods_security_group"), WORKER, "ingress", pods, udp(53), 166),
    ],
    verdicts: [
      verdict(flow(id("RQ1"), "allow", ends.pods, ends.internet, [tcp(443), tcp(80)]), "holds", {
        out: [at("pods_egress_https_all"), at("pods_egress_http_all")],
      }),
      verdict(flow(id("RQ2"), "allow", ends.ingress, ends.pods, [tcp(0, 65535)]), "holds-if", {
        outMissing: [tcp(0, 65535)],
        into: [at("pods_ingress_all_tcp_from_ingress_security_group")],
        conditions: [permits(INGRESS, tcp(0, 65535), "pods")],
      }),
      verdict(flow(id("RQ3"), "allow", ends.pods, ends.rds, [tcp(3306)]), "holds", {
        out: [at("pods_egress_to_rds")],
        into: [at("rds_ingress_from_pods")],
      }),
      verdict(flow(id("RQ4"), "allow", ends.pods, ends.worker, [tcp(53), udp(53)]), "holds", {
        out: [
          at("pods_egress_dns_udp_to_worker_security_group"),
          at("pods_egress_dns_tcp_to_worker_security_group"),
        ],
        into: [
          at("worker_ingress_dns_tcp_from_pods_security_group"),
          at("worker_ingress_dns_udp_from_pods_security_group"),
        ],
      }),
      verdict(flow(id("RQ5"), "allow", ends.worker, ends.pods, [tcp(0, 65535)]), "holds-if", {
        outMissing: [tcp(0, 65535)],
        into: [at("pods_ingress_all_tcp_from_worker_security_group")],
        conditions: [permits(WORKER, tcp(0, 65535), "pods")],
      }),
      verdict(flow(id("closed-1"), "deny", ends.worker, ends.rds, [{ protocol: "all" }]), "holds"),
      verdict(flow(id("closed-2"), "deny", ends.ingress, ends.rds, [{ protocol: "all" }]), "holds"),
      verdict(flow(id("closed-3"), "deny", ends.internet, ends.pods, [{ protocol: "all" }]), "holds"),
      verdict(flow(id("closed-4"), "deny", ends.internet, ends.rds, [{ protocol: "all" }]), "holds"),
      verdict(flow(id("closed-5"), "deny", ends.pods, ends.internet, everythingElse), "holds"),
    ],
    findings: [finding({ address: at("rds_ingress_to_self") })],
    ...more,
  });
}

/** A root in which something is wrong: broken flows, an open one, conditions, findings of all kinds. */
export function troubled(): Report {
  const base = article("module.rds_mysql.", { path: "live/eu-west-1" });
  const at = (name: string) => `module.rds_mysql.aws_security_group_rule.${name}`;
  const find = (id: string) =>
    base.verdicts.find((one) => flowIdText(one.flow.id) === `module.rds_mysql/${id}`) as Verdict;
  const pods = "module.rds_mysql.aws_security_group.pods";
  const rds = "module.rds_mysql.aws_security_group.rds";
  const range = flow(
    "module.rds_mysql/metrics",
    "allow",
    endpoint("worker", [WORKER]),
    endpoint("pods", [pods]),
    [tcp(9090, 9100)],
    "Prometheus scrapes the exporters of the pods.",
  );
  return {
    ...base,
    groups: [...base.groups, group("aws_security_group.bastion", { forms: new Set(["per-rule"]) })],
    rules: [
      ...base.rules.filter(({ address }) => address !== at("pods_egress_to_rds")),
      rule("aws_security_group_rule.debug", rds, "ingress", "0.0.0.0/0", { protocol: "all" }, 12),
    ],
    verdicts: [
      find("RQ1"),
      find("RQ2"),
      verdict(find("RQ3").flow, "broken", {
        outMissing: [tcp(3306)],
        into: [at("rds_ingress_from_pods")],
        cures: [
          {
            group: pods,
            direction: "egress",
            traffic: tcp(3306),
            peer: { kind: "group", group: rds },
            near: "pods",
            far: "database",
          },
        ],
      }),
      verdict(range, "broken", {
        outMissing: [tcp(9090, 9100)],
        into: [at("pods_ingress_exporters")],
        intoMissing: [tcp(9096, 9100)],
        conditions: [permits(WORKER, tcp(9090, 9100), "pods")],
        cures: [
          {
            group: pods,
            direction: "ingress",
            traffic: tcp(9096, 9100),
            peer: { kind: "group", group: WORKER },
            near: "pods",
            far: "worker",
          },
        ],
      }),
      verdict(find("closed-4").flow, "broken", { openedBy: ["aws_security_group_rule.debug"] }),
      find("closed-5"),
    ],
    findings: [
      finding({
        check: "wide-rule",
        severity: "information",
        address: "aws_security_group.bastion",
        message: "The flows need less than this rule admits. What they need:\ningress {\n  from_port = 22\n}",
        source: { file: "live/eu-west-1/bastion.tf" },
      }),
      finding({ address: at("rds_ingress_to_self") }),
      finding({
        check: "open-to-the-world",
        severity: "error",
        address: "aws_security_group_rule.debug",
        message: "All traffic is admitted from 0.0.0.0/0. Name the groups or addresses that need it.",
        source: { file: "live/eu-west-1/main.tf", line: 12 },
      }),
    ],
    suppressed: [
      suppressed("The bastion is gone with the next release, see the ticket OPS-17.", {
        check: "duplicate-name",
        severity: "error",
        address: "aws_security_group.bastion",
        message: "Another group has the same name in this VPC.",
        source: { file: "live/eu-west-1/bastion.tf", line: 3 },
      }),
    ],
    notes: ["module.remote is not read: its source is not a local folder."],
  };
}

/** A stack that holds no security group. */
export function empty(path = "cdktf.out/stacks/vpc-cni"): Report {
  return report({ path });
}
