import type { Check } from "./check";
import { cniSources } from "./cni";
import { atPlace, listed } from "./words";

export const check: Check = {
  id: "cni-configured-twice",
  severity: "error",
  title: "The CNI is patched and a managed add-on at once",
  why: "The managed add-on owns the variables of the DaemonSet aws-node: what kubernetes_env patches beside it, EKS puts back at the next update of the add-on, or refuses the update for a conflict.",
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-field-management.html",
  run: (context) => {
    const sources = cniSources(context).filter(({ isUncertain }) => !isUncertain);
    const of = (kind: "add-on" | "env") => sources.filter((one) => one.kind === kind);
    const [addOn] = of("add-on");
    const [first] = of("env");
    if (addOn === undefined || first === undefined) return [];
    const patches = listed(of("env").map(atPlace));
    const message = `${patches} and ${atPlace(addOn)} both configure the CNI: the add-on takes the patch back. Keep one: the add-on with configuration_values, or kubernetes_env for a CNI that is not an add-on.`;
    return [{ address: first.address, source: first.source, message }];
  },
};
