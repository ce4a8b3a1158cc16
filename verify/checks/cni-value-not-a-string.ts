import { Unknown } from "../../expression/value";
import { given } from "../../io/errors";
import { type CniSetting, type CniSource, cniSources } from "../inventory/cluster/cni";
import type { Check } from "./check";

/** Switches: "true" or "false". */
const SWITCHES = ["ENABLE_POD_ENI", "DISABLE_TCP_EARLY_DEMUX"];

export const check: Check = {
  id: "cni-value-not-a-string",
  severity: "error",
  title: "A CNI variable is not a string",
  why: 'The schema of the managed add-on accepts only strings: a number, true without quotes or null fails during apply. ENABLE_POD_ENI and DISABLE_TCP_EARLY_DEMUX must be "true" or "false".',
  reference: "https://github.com/aws/amazon-vpc-cni-k8s/blob/master/README.md#cni-configuration-variables",
  run: (context) =>
    cniSources(context.inventory).flatMap(({ address, source, kind, settings }) => {
      const wrong = settings.filter((setting) => !isAccepted(setting, kind));
      if (wrong.length === 0) return [];
      const about = wrong.map(problemOf);
      return [{ address, source, about, message: `${address}: ${about.join("; ")}.` }];
    }),
};

function isAccepted({ name, value }: CniSetting, kind: CniSource["kind"]): boolean {
  // The chart writes whatever it is given as text.
  if (kind === "chart") return true;
  // In kubernetes_env a value that is null is one that is left out.
  if (value instanceof Unknown || (value === null && kind === "env")) return true;
  if (SWITCHES.includes(name)) return value === "true" || value === "false";
  return typeof value === "string";
}

function problemOf({ name, value }: CniSetting): string {
  const text = typeof value === "number" || typeof value === "boolean" ? `the string "${value}"` : "a string";
  const wanted = SWITCHES.includes(name) ? '"true" or "false"' : text;
  return `${name} must be ${wanted} (${value === null ? "it has no value" : given(value)})`;
}
