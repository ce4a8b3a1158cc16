import { given } from "../../terraform/errors";
import { Unknown } from "../model";
import type { Check } from "./check";
import { type CniSetting, cniSources } from "./cni";

/** Switches: "true" or "false". */
const SWITCHES = ["ENABLE_POD_ENI", "DISABLE_TCP_EARLY_DEMUX"];

export const check: Check = {
  id: "cni-value-not-a-string",
  severity: "error",
  title: "A variable of the CNI is not the text that it must be",
  why: 'The schema of the managed add-on takes text alone: true without quotes is refused when it is applied. ENABLE_POD_ENI and DISABLE_TCP_EARLY_DEMUX are "true" or "false".',
  reference: "https://github.com/aws/amazon-vpc-cni-k8s/blob/master/README.md#cni-configuration-variables",
  run: (context) =>
    cniSources(context).flatMap(({ address, source, settings = [] }) => {
      const wrong = (settings ?? []).filter((setting) => !isAccepted(setting));
      if (wrong.length === 0) return [];
      const words = wrong.map(({ name, value }) => `${name} (${given(value)})`).join(", ");
      const wanted = wrong.some(({ name }) => SWITCHES.includes(name))
        ? '"true" or "false"'
        : "text, in quotes";
      return [{ address, source, message: `${address} sets ${words}: it must be ${wanted}.` }];
    }),
};

function isAccepted({ name, value }: CniSetting): boolean {
  if (value instanceof Unknown || value === null) return true;
  if (SWITCHES.includes(name)) return value === "true" || value === "false";
  return typeof value === "string";
}
