import { byText } from "../../io/lists";
import type { Finding, Severity } from "./model";

/** Severities from the heaviest on. */
export const SEVERITIES = ["error", "warning", "information"] as const satisfies readonly Severity[];

/** The order of findings: by severity, check, address and message. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    byText(a.check, b.check) ||
    byText(a.address, b.address) ||
    byText(a.message, b.message)
  );
}
