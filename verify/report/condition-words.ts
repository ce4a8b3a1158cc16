import type { Condition, Fact, Verdict } from "../judge/model";
import { doubtWords, unknownTrafficWords } from "./doubt-words";
import { familyWords, trafficWords } from "./words";

/** A condition as one sentence without its end: what must be true for the flow to hold. */
export function conditionWords(condition: Condition): string {
  return words(condition, 0);
}

/** Several of them within one another: commas part the outermost, parentheses enclose the innermost. */
function words(condition: Condition, depth: number): string {
  switch (condition.kind) {
    case "is":
      return factWords(condition.fact);
    case "not":
      return oppositeWords(condition.fact);
    case "should": {
      const place = condition.isInside ? "inside" : "outside";
      return `${words(condition.condition, depth)}, should ${condition.endpoint} lie ${place} the VPC`;
    }
    default: {
      const joint = condition.kind === "all" ? "and" : "or";
      const parts = condition.of.map((part) => words(part, depth + 1));
      const joined = parts.join(depth === 0 ? `, ${joint} ` : ` ${joint} `);
      return depth > 1 ? `(${joined})` : joined;
    }
  }
}

function factWords(fact: Fact): string {
  switch (fact.kind) {
    case "group":
      return `${fact.label} allows ${groupTraffic(fact)}`;
    case "place":
      return placeWords(fact);
    case "refused":
      return fact.mayBeRight
        ? `the warning at ${fact.place} does not apply`
        : `the error at ${fact.place} is fixed`;
    case "selected":
      return `${fact.policy} selects the pods of ${fact.workload}`;
    case "nodes":
      return nodesWords("allow");
    case "same-node":
      return sameNodeWords(fact, "are on one node");
    case "node-ipv4":
      return `${throughNode(fact)} and of ${fact.to} allow ${trafficWords(fact.traffic)}`;
    default: {
      const [subject, statement] = statementOf(fact);
      return `${subject} ${statement}`;
    }
  }
}

function oppositeWords(fact: Fact): string {
  switch (fact.kind) {
    case "group":
      return `${fact.label} does not allow ${groupTraffic(fact)}`;
    case "place":
      return placeWords({ ...fact, isInside: !fact.isInside, decide: fact.others, others: fact.decide });
    case "refused":
      return fact.mayBeRight
        ? `the warning at ${fact.place} applies`
        : `fixing the error at ${fact.place} does not allow it`;
    case "selected":
      return `${fact.policy} does not select the pods of ${fact.workload}, which its groups would cut off`;
    case "nodes":
      return nodesWords("do not allow");
    case "same-node":
      return sameNodeWords(fact, "are never on one node");
    case "node-ipv4":
      return `${throughNode(fact)} or of ${fact.to} do not allow ${trafficWords(fact.traffic)}`;
    default: {
      const [subject, statement] = statementOf(fact);
      const [verb = "", ...rest] = statement.split(" ");
      return `${subject} ${NEGATED[verb]} ${rest.join(" ")}`;
    }
  }
}

type Of<Kind extends Fact["kind"]> = Extract<Fact, { kind: Kind }>;

/** Facts that are one statement about one subject, whose first word is one of the verbs below. */
function statementOf(
  fact: Of<"rule" | "owner" | "ports" | "peer" | "prefix-list" | "address" | "ipv6">,
): [subject: string, statement: string] {
  switch (fact.kind) {
    case "rule":
      return [fact.rule, doubtWords(fact.doubt)];
    case "owner":
      return [fact.rule, "belongs to this group, which the input does not show"];
    case "ports":
      return [fact.rule, `covers ${trafficWords(fact.traffic)} (${unknownTrafficWords(fact.why)})`];
    case "peer":
      return [fact.rule, `has ${fact.endpoint} as its peer (${fact.expression})`];
    case "prefix-list":
      return [`prefix list ${fact.list}`, `holds the addresses of ${fact.endpoint} (${fact.rule})`];
    case "address":
      return [fact.endpoint, `has its address within ${fact.cidrs.join(" or ")} (${fact.rules.join(", ")})`];
    case "ipv6":
      return [fact.endpoint, `has an IPv6 address (${fact.rules.join(", ")})`];
  }
}

const NEGATED: Readonly<Record<string, string>> = {
  belongs: "does not belong",
  covers: "does not cover",
  has: "does not have",
  exists: "does not exist",
  holds: "does not hold",
  is: "is not",
};

function groupTraffic({ direction, traffic, endpoint }: Of<"group">): string {
  return `${direction} ${trafficWords(traffic)} ${direction === "ingress" ? "from" : "to"} ${endpoint}`;
}

function placeWords({ endpoint, isInside, decide, others }: Of<"place">): string {
  const [here, there] = isInside ? ["inside the VPC", "outside"] : ["outside the VPC", "inside"];
  return `${endpoint} is ${here}, where the groups of ${decide} decide, not ${there}, where those of ${others} do`;
}

function nodesWords(verb: "allow" | "do not allow"): string {
  return `the node security groups ${verb} it: in standard mode, they apply to traffic that leaves the VPC, and flows.yaml names no nodes`;
}

function sameNodeWords({ from, to }: Of<"same-node">, what: string): string {
  return `${from} and ${to} ${what}: in standard mode, traffic inside a node is not filtered`;
}

function throughNode({ from }: Of<"node-ipv4">): string {
  return `the CNI sends traffic of ${from} through the IPv4 address of its node (the cluster's ip_family is ipv6), and the security groups of the node`;
}

/** Why no packet of a flow can exist; undefined where some can. */
export function impossibleWords({ impossible, flow }: Verdict): string | undefined {
  if (impossible === undefined) return undefined;
  const [from, to] = [flow.from.name, flow.to.name];
  if (impossible.kind === "no-common-family") {
    return `${from} has only ${familyWords(impossible.from)} addresses and ${to} only ${familyWords(impossible.to)} addresses: no packet can get from one to the other`;
  }
  const others = impossible.families.includes("ipv4")
    ? "ICMPv6 exists only in IPv6"
    : "ICMP exists only in IPv4";
  return `${others}, and ${from} and ${to} have only ${familyWords(impossible.families)} addresses in common`;
}
