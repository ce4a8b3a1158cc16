import { byText } from "../../io/lists";
import type { RulePeer } from "../../network/peers";
import type { Traffic } from "../../network/traffic";
import type { Finding, Report, Severity, SuppressedFinding } from "../checks/model";
import type { Difference, FlowChange } from "../compare/difference";
import type { PlacedFinding } from "../compare/finding-changes";
import type { Reachable } from "../compare/reachable";
import type { WorkloadRow } from "../derive/model";
import { flowIdText } from "../expect/flow-id";
import type { Endpoint } from "../expect/model";
import type { Group, SecurityGroupRule } from "../inventory/model";
import type { Half, Verdict } from "../judge/model";
import { conditionWords, impossibleWords } from "./condition-words";
import { type CureWriter, cureWriter, type WrittenCure } from "./cure-terraform";
import { unknownTrafficWords } from "./doubt-words";
import type {
  ChangedFindingJson,
  CureJson,
  DifferenceJson,
  DocumentJson,
  EndpointJson,
  FindingJson,
  FlowChangeJson,
  FlowJson,
  GroupJson,
  HalfJson,
  PeerJson,
  ReachableJson,
  ReportJson,
  RuleJson,
  SuppressedFindingJson,
  TrafficJson,
  WorkloadJson,
} from "./json-schema";
import { checksNotRun, count, isKnown } from "./words";

/**
 * The version of the JSON format, `major.minor`: a new minor version only adds keys, a new major one may do anything.
 */
export const FORMAT_VERSION = "1.6";

/** The report for programs, as `schemas/report.json` describes it. */
export function renderJson(reports: readonly Report[], difference?: Difference): string {
  const counts = count(reports);
  const notRun = checksNotRun(reports);
  const known = (severity: Severity) =>
    reports
      .flatMap((report) => report.known?.findings ?? [])
      .filter((finding) => finding.severity === severity).length;
  const document: DocumentJson = {
    format_version: FORMAT_VERSION,
    summary: {
      flows: counts.flows,
      holds: counts.holds,
      holds_if: counts.holdsIf,
      broken: counts.broken,
      errors: counts.errors + known("error"),
      warnings: counts.warnings + known("warning"),
      information: counts.information + known("information"),
      suppressed: counts.suppressed,
      ...(notRun.length > 0 && { checks_not_run: notRun }),
      ...(reports.some((report) => report.known !== undefined) && {
        known: { flows: counts.knownBroken + counts.knownHoldsIf, findings: counts.known },
      }),
    },
    reports: reports.map(reportJson),
    ...(difference && { difference: differenceJson(difference) }),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function reportJson(report: Report): ReportJson {
  const { path, kind, mode, modeFrom, cni } = report;
  const write = cureWriter(report);
  const { known } = report;
  return {
    path,
    kind,
    mode,
    ...(modeFrom !== undefined && { mode_from: modeFrom }),
    cni,
    groups: report.groups.map(groupJson),
    rules: report.rules.map(ruleJson),
    workloads: report.workloads?.rows.map(workloadJson),
    idle_policies: report.workloads?.idlePolicies,
    flows: report.verdicts.map((verdict) => ({
      ...verdictJson(verdict, write),
      ...(known && { known: isKnown(report, verdict) }),
    })),
    ...(report.verdicts.some(({ flow }) => flow.origins) && {
      derived_flows_count: !report.areDerivedIdle,
    }),
    findings: known
      ? [
          ...report.findings.map((finding) => ({ ...findingJson(finding), known: false })),
          ...known.findings.map((finding) => ({ ...findingJson(finding), known: true })),
        ]
      : report.findings.map(findingJson),
    no_longer_found: known?.gone,
    suppressed: report.suppressed.map(suppressedJson),
    notes: report.notes,
  };
}

function groupJson({ key, label, knowledge, name, roles, declaredAt }: Group): GroupJson {
  return {
    key,
    label,
    declared: knowledge === "all",
    name,
    roles: [...roles].sort(byText),
    source: declaredAt,
  };
}

function workloadJson(row: WorkloadRow): WorkloadJson {
  const { name, address, policies, carries, groups, flows, unjudged, closedServices, source } = row;
  return {
    name,
    address,
    policies: policies.map((policy) => policy.address),
    carries,
    groups,
    flows,
    not_judged: unjudged,
    closed_services: closedServices,
    source,
  };
}

export function ruleJson({
  address,
  form,
  group,
  direction,
  traffic,
  unknownTraffic,
  peer,
  source,
}: SecurityGroupRule): RuleJson {
  return {
    address,
    form,
    group: group ?? null,
    direction,
    traffic: traffic === undefined ? null : trafficJson(traffic),
    unknown_traffic: unknownTraffic && unknownTrafficWords(unknownTraffic),
    peer: peerJson(peer),
    source,
  };
}

function verdictJson(verdict: Verdict, write: CureWriter): FlowJson {
  const { flow, status, halves } = verdict;
  return {
    id: flowIdText(flow.id),
    description: flow.description,
    derived_from: flow.origins?.map(({ words, source }) => ({ what: words, source })),
    expect: flow.expect,
    from: endpointJson(flow.from),
    to: endpointJson(flow.to),
    traffic: flow.traffic.map(trafficJson),
    status: statusJson(status),
    halves: halves.map(halfJson),
    ...reasonsJson(verdict, write),
  };
}

/** What a verdict hangs on, and what to do about it. */
export function reasonsJson(
  verdict: Verdict,
  write: CureWriter,
): Pick<FlowJson, "conditions" | "impossible" | "cures" | "opened_by"> {
  const { conditions, cures, openedBy } = verdict;
  return {
    conditions: conditions.map(conditionWords),
    impossible: impossibleWords(verdict),
    cures: write(cures).map(cureJson),
    opened_by: openedBy,
  };
}

export function statusJson(status: Verdict["status"]): FlowJson["status"] {
  return status === "holds-if" ? "holds_if" : status;
}

export function endpointJson({ name, groups, cidrs, workload }: Endpoint): EndpointJson {
  return { name, groups, cidrs, workload };
}

function halfJson({ direction, endpoint, admittedBy, missing, missingFamily }: Half): HalfJson {
  return {
    direction,
    endpoint: endpointJson(endpoint),
    admitted_by: admittedBy,
    missing: missing.map(trafficJson),
    missing_family: missingFamily,
  };
}

function cureJson({ cure, terraform, place, needs }: WrittenCure): CureJson {
  const { group, direction, traffic, peer } = cure;
  const rule = { group, direction, traffic: trafficJson(traffic), peer: peerJson(peer), terraform };
  return { ...rule, place, needs };
}

export function trafficJson(traffic: Traffic): TrafficJson {
  switch (traffic.protocol) {
    case "tcp":
    case "udp":
      return { protocol: traffic.protocol, from_port: traffic.ports.from, to_port: traffic.ports.to };
    default:
      return traffic;
  }
}

function peerJson(peer: RulePeer): PeerJson {
  if (peer.kind === "unknown") {
    return { kind: peer.kind, expression: peer.expression, candidates: peer.candidates };
  }
  return peer.kind === "prefix-list" ? { ...peer, kind: "prefix_list" } : peer;
}

function findingJson({ check, severity, address, message, source }: Finding): FindingJson {
  return { check, severity, address, message, source };
}

function suppressedJson(finding: SuppressedFinding): SuppressedFindingJson {
  return { ...findingJson(finding), reason: finding.reason };
}

function differenceJson({ flows, reachable, findings }: Difference): DifferenceJson {
  const { added, gone, unchanged } = findings;
  return {
    flows: flows.map(changeJson),
    reachable: reachable.map(reachableJson),
    findings: { new: added.map(changedFindingJson), gone: gone.map(changedFindingJson), unchanged },
  };
}

/** Without a place: the line of what is gone is one of another revision. */
function changedFindingJson({ path, finding }: PlacedFinding): ChangedFindingJson {
  const { check, severity, address, message } = finding;
  return { path, check, severity, address, message };
}

function changeJson({
  path,
  flow,
  changes,
  before,
  after,
  addedRules,
  removedRules,
}: FlowChange): FlowChangeJson {
  return {
    path,
    id: flowIdText(flow.id),
    changes,
    expect: flow.expect,
    from: flow.from.name,
    to: flow.to.name,
    traffic: flow.traffic.map(trafficJson),
    before: before && statusJson(before),
    after: after && statusJson(after),
    added_rules: addedRules,
    removed_rules: removedRules,
  };
}

function reachableJson({ path, from, to, traffic, unknownTraffic, rules }: Reachable): ReachableJson {
  return {
    path,
    from,
    to,
    traffic: traffic.map(trafficJson),
    unknown_traffic: unknownTraffic && unknownTrafficWords(unknownTraffic),
    rules,
  };
}
