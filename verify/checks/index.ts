import { check as allTrafficWithPorts } from "./all-traffic-with-ports";
import { check as blockWithoutPeer } from "./block-without-peer";
import { type Check, type CheckContext, run } from "./check";
import { check as clusterRolePolicy } from "./cluster-role-policy";
import { check as clusterTag } from "./cluster-tag";
import { check as cniConfiguredTwice } from "./cni-configured-twice";
import { check as cniNotAsStated } from "./cni-not-as-stated";
import { check as cniValueNotAString } from "./cni-value-not-a-string";
import { check as cniValuesRefused } from "./cni-values-refused";
import { check as controllerRuleRemoved } from "./controller-rule-removed";
import { check as dataServiceClosedToPods } from "./data-service-closed-to-pods";
import { check as dataServicePort } from "./data-service-port";
import { check as databaseOpenToNodes } from "./database-open-to-nodes";
import { check as deadRule } from "./dead-rule";
import { check as dnsHalfOpen } from "./dns-half-open";
import { check as duplicateGroupName } from "./duplicate-group-name";
import { check as duplicateRule } from "./duplicate-rule";
import { check as groupNotMapped } from "./group-not-mapped";
import { check as groupOnNoNode } from "./group-on-no-node";
import { check as groupsPerInterface } from "./groups-per-interface";
import { check as instanceTargetsLocal } from "./instance-targets-local";
import { check as instanceTypeWithoutTrunk } from "./instance-type-without-trunk";
import { check as mixedRuleForms } from "./mixed-rule-forms";
import type { Finding } from "./model";
import { check as noDnsPath } from "./no-dns-path";
import { check as noProbePath } from "./no-probe-path";
import { check as nodeLocalDnsUnreachable } from "./node-local-dns-unreachable";
import { check as nodesWithoutTrunk } from "./nodes-without-trunk";
import { withoutWhatFlowsSay } from "./one-cause";
import { check as openToTheWorld } from "./open-to-the-world";
import { check as podEniDisabled } from "./pod-eni-disabled";
import { check as policyBothSelectors } from "./policy-both-selectors";
import { check as policyInAutoMode } from "./policy-in-auto-mode";
import { check as policyMatchesNoWorkload } from "./policy-matches-no-workload";
import { check as policyRefused } from "./policy-refused";
import { check as policySelectsNamespace } from "./policy-selects-namespace";
import { check as policySelectsNothing } from "./policy-selects-nothing";
import { check as policyWithoutGroups } from "./policy-without-groups";
import { check as portZero } from "./port-zero";
import { check as refusedDescription } from "./refused-description";
import { check as refusedRule } from "./refused-rule";
import { check as replacesPodGroup } from "./replaces-pod-group";
import { check as ruleQuota } from "./rule-quota";
import { check as serviceAccountNotDeclared } from "./service-account-not-declared";
import { check as shadowedRule } from "./shadowed-rule";
import { check as sharedFieldManager } from "./shared-field-manager";
import { check as storeOnDefaultGroup } from "./store-on-default-group";
import { check as tcpEarlyDemux } from "./tcp-early-demux";
import { check as wideEgress } from "./wide-egress";
import { check as widerThanFlows } from "./wider-than-flows";
import { check as windowsPodWithGroups } from "./windows-pod-with-groups";

/** All checks: what rules open and miss, what AWS refuses, and what pods with their own groups need besides. */
export const CHECKS: readonly Check[] = [
  deadRule,
  dnsHalfOpen,
  noDnsPath,
  nodeLocalDnsUnreachable,
  nodesWithoutTrunk,
  noProbePath,
  dataServiceClosedToPods,
  groupOnNoNode,
  dataServicePort,
  storeOnDefaultGroup,
  databaseOpenToNodes,
  openToTheWorld,
  wideEgress,
  widerThanFlows,
  refusedRule,
  allTrafficWithPorts,
  portZero,
  blockWithoutPeer,
  duplicateRule,
  shadowedRule,
  mixedRuleForms,
  ruleQuota,
  groupsPerInterface,
  duplicateGroupName,
  refusedDescription,
  replacesPodGroup,
  clusterTag,
  controllerRuleRemoved,
  instanceTargetsLocal,
  groupNotMapped,
  policySelectsNothing,
  policyMatchesNoWorkload,
  policyWithoutGroups,
  policyRefused,
  policySelectsNamespace,
  policyBothSelectors,
  policyInAutoMode,
  serviceAccountNotDeclared,
  windowsPodWithGroups,
  instanceTypeWithoutTrunk,
  clusterRolePolicy,
  podEniDisabled,
  tcpEarlyDemux,
  cniConfiguredTwice,
  cniNotAsStated,
  cniValueNotAString,
  cniValuesRefused,
  sharedFieldManager,
];

/**
 * What the checks find, by severity, check and address, each cause once. Time: linear in rules and resources.
 *
 * @param notRun the ids of checks that are left out
 * @param onCheck called with the id of each check before it runs
 */
export function runChecks(
  context: CheckContext,
  notRun: ReadonlySet<string> = new Set(),
  onCheck?: (id: string) => void,
): Finding[] {
  const checks = CHECKS.filter(({ id }) => !notRun.has(id));
  return withoutWhatFlowsSay(run(checks, context, onCheck), context);
}
