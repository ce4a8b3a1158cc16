import type { Doubt, UnknownTraffic } from "../inventory/model";

/** What is in doubt about a rule, as a statement about it: `is an ingress rule (its type is var.type)`. */
export function doubtWords(doubt: Exclude<Doubt, { kind: "refused" }>): string {
  switch (doubt.kind) {
    case "existence":
      return "exists (how many there are is not known)";
    case "direction":
      return `is an ${doubt.direction} rule (its type is ${doubt.expression})`;
  }
}

/** Why the traffic of a rule is not determined: `its from_port is var.port`. */
export function unknownTrafficWords({ argument, expression }: UnknownTraffic): string {
  return `its ${argument} is ${expression}`;
}
