import type { Severity } from "../../../../verify/checks/model";
import type { ContextOptions } from "../../support/context";
import type { InputOptions, Resources } from "../../support/input";

/** An input for one check: where it must find something, and how severe; nothing for a near miss. */
export interface Case extends InputOptions, ContextOptions {
  readonly what: string;
  readonly resources: Resources;
  readonly found?: readonly (readonly [address: string, severity: Severity])[];
  /** The words of what is found first, in full; at least one case of each check has them. */
  readonly says?: string;
}

/** What a check is tried on: `cases/<id of the check>.ts` exports them as `cases`. */
export type Cases = readonly Case[];
