import { Unknown } from "../../expression/value";
import { groupedBy } from "../../io/lists";
import { type CniSource, cniSources, isAsStated, patchesOfOneVariable } from "../inventory/cluster/cni";
import type { Check, Observation } from "./check";
import { atPlace, listed } from "./words";

export const check: Check = {
  id: "cni-configured-twice",
  severity: "error",
  title: "The CNI is configured twice",
  why: "The managed add-on owns the variables of the DaemonSet aws-node: if kubernetes_env patches them too, EKS reverts the patch at the next update of the add-on, or the update fails with a conflict; the chart aws-vpc-cni creates the same DaemonSet. A cluster has one such add-on, and one patch for a variable: call a module that does either only once for a cluster. Different configurations of a provider (provider = kubernetes.green) may target different clusters, so they are not compared. The check does not know which cluster a provider targets. If one configuration targets two, suppress the finding with that reason.",
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-field-management.html",
  run: (context) => {
    // Of sources that flows.yaml does not allow, `cni-not-as-stated` speaks.
    const sources = cniSources(context.inventory).filter(
      (one) => !one.isUncertain && isAsStated(context.cni, one),
    );
    const envs = sources.filter(({ kind }) => kind === "env");
    const addOns = sources.filter(({ kind }) => kind === "add-on");
    const charts = sources.filter(({ kind }) => kind === "chart");
    return [
      ...besideAddOn(addOns, envs, PATCHED),
      ...besideAddOn(addOns, charts, INSTALLED),
      ...sameAddOns(addOns),
      ...samePatches(envs),
    ];
  },
};

const PATCHED =
  "configure the CNI: the add-on reverts the patch. Keep one: the add-on with configuration_values, or kubernetes_env for a CNI that is not an add-on.";
const INSTALLED =
  "install the CNI: Helm cannot take over what the add-on created, and EKS reverts what the chart changes. Keep one: the add-on with configuration_values, or the chart.";

/** What changes the DaemonSet beside the add-on that owns it. */
function besideAddOn(
  addOns: readonly CniSource[],
  others: readonly CniSource[],
  consequence: string,
): Observation[] {
  const [addOn] = addOns;
  const [first] = others;
  if (addOn === undefined || first === undefined) return [];
  // Of several clusters it is not known which of them is beside which add-on.
  if ([others, addOns].some((all) => new Set(all.map(({ provider }) => provider)).size > 1)) return [];
  if (new Set(addOns.map(clusterName)).size > 1) return [];
  const message = `${listed(others.map(atPlace))} and ${atPlace(addOn)} both ${consequence}`;
  return [{ address: first.address, source: first.source, about: addresses([...others, addOn]), message }];
}

function addresses(sources: readonly CniSource[]): string[] {
  return sources.map(({ address }) => address);
}

function clusterName({ cluster }: CniSource): string | undefined {
  return cluster instanceof Unknown ? `\${${cluster.expression}}` : cluster;
}

/** Names of clusters that are not known may be two. */
function sameAddOns(addOns: readonly CniSource[]): Observation[] {
  const byCluster = groupedBy(addOns, (one) => {
    const name = clusterName(one);
    return name === undefined ? undefined : `${name} ${one.provider ?? ""}`;
  });
  return [...byCluster.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined || same.length < 2) return [];
    const cluster = clusterName(first);
    const message = `${listed(same.map(atPlace))} all install the CNI add-on in the cluster ${cluster}: EKS has one, and rejects a second. Keep one.`;
    return [{ address: first.address, source: first.source, about: addresses(same), message }];
  });
}

function samePatches(envs: readonly CniSource[]): Observation[] {
  const lists = patchesOfOneVariable(envs);
  const same = [...new Set([...lists.values()].flat())];
  const [first] = same;
  if (first === undefined) return [];
  const message = `${listed(same.map(atPlace))} patch the same CNI variables (${listed(lists.keys())}): each reverts what the other sets. Keep one patch for each variable, and call a module that patches the CNI only once.`;
  return [{ address: first.address, source: first.source, about: addresses(same), message }];
}
