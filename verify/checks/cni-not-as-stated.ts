import { certainEnforcingMode, cniSources, isAsStated } from "../inventory/cluster/cni";
import type { Check, CheckContext, Observation } from "./check";
import { atPlace, listed } from "./words";

export const check: Check = {
  id: "cni-not-as-stated",
  severity: "error",
  title: "The CNI is not run as declared",
  why: "`cni` in flows.yaml declares who configures the CNI: kubernetes_env, addon, or external for anything else. Two owners keep reverting each other. The enforcing mode is `mode` in flows.yaml or the option --mode, else what the CNI of the input sets, else strict: if the declared mode differs from what the CNI sets, flows are judged wrongly; a warning.",
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/managing-vpc-cni.html",
  run: (context) => [...otherManagement(context), ...otherMode(context)],
};

function otherManagement(context: CheckContext): Observation[] {
  const { cni } = context;
  if (cni === undefined) return [];
  const against = cniSources(context.inventory).filter(
    (one) => !one.isUncertain && !isAsStated(context.cni, one),
  );
  const [first] = against;
  if (first === undefined) return [];
  const message = `${cni.file} declares cni: ${cni.management}, but ${listed(against.map(atPlace))} ${against.length === 1 ? "configures the CNI. Remove that" : "configure the CNI. Remove them"}, or correct cni in ${cni.file}.`;
  return [
    {
      address: first.address,
      source: first.source,
      about: against.map((one) => `${one.address}, not ${cni.management}`),
      message,
    },
  ];
}

/** Flows that are judged in another mode than the CNI runs in may hold on paper alone. */
function otherMode(context: CheckContext): Observation[] {
  const found = certainEnforcingMode(context.inventory);
  if (found === undefined || found.mode === context.mode) return [];
  const { address, source } = found.by;
  const message = `${address} sets ${found.mode} mode, but the flows are judged in ${context.mode} mode. Set mode: ${found.mode} in flows.yaml, or pass --mode ${found.mode}.`;
  return [{ address, source, severity: "warning", about: [found.mode], message }];
}
