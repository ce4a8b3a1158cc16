import { certainEnforcingMode, cniSources, isAsStated } from "../inventory/cluster/cni";
import type { Check, CheckContext, Observation } from "./check";
import { atPlace, listed } from "./words";

export const check: Check = {
  id: "cni-not-as-stated",
  severity: "error",
  title: "The CNI is not run as is stated",
  why: "`cni` in flows.yaml says who configures the CNI: kubernetes_env, addon, or external for somebody else. Two who do take each other's settings back. The enforcing mode is `mode` in flows.yaml, or the option --mode, else what the CNI of the input sets, else strict: where what is said and what the CNI sets differ, flows are judged wrongly; a warning.",
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
  const message = `${cni.file} says that the CNI is run as ${cni.management}, but ${listed(against.map(atPlace))} ${against.length === 1 ? "configures it. Remove that" : "configure it. Remove these"}, or correct cni in ${cni.file}.`;
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
  const message = `${address} sets the enforcing mode ${found.mode}, but the flows are judged in the mode ${context.mode}. Write mode: ${found.mode} to flows.yaml, or give --mode ${found.mode}.`;
  return [{ address, source, severity: "warning", about: [found.mode], message }];
}
