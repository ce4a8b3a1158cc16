import type { Check } from "./check";
import { cniSources, isAsStated } from "./cni";
import { atPlace, listed } from "./words";

export const check: Check = {
  id: "cni-not-as-stated",
  severity: "error",
  title: "The CNI is not run as flows.yaml says",
  why: "`cni` in flows.yaml says who configures the CNI: kubernetes_env, addon, or external for somebody else. Two who do take each other's settings back.",
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/managing-vpc-cni.html",
  run: (context) => {
    const { cni } = context;
    if (cni === undefined) return [];
    const against = cniSources(context).filter((one) => !one.isUncertain && !isAsStated(context, one));
    const [first] = against;
    if (first === undefined) return [];
    const message = `${cni.file} says that the CNI is run as ${cni.management}, but ${listed(against.map(atPlace))} ${against.length === 1 ? "configures it. Remove that" : "configure it. Remove these"}, or correct cni in ${cni.file}.`;
    return [{ address: first.address, source: first.source, message }];
  },
};
