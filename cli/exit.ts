import type { Report, Severity } from "../verify/checks/model";
import { SEVERITIES } from "../verify/checks/order";
import { isKnown } from "../verify/report";

/** What decides on the exit code besides broken flows. */
export interface Limits {
  /** From which severity on a finding counts. */
  readonly failOn: Severity | "never";
  /** Whether flows that depend on something else count as broken. */
  readonly noAssumptions: boolean;
}

/** An exit code, and why it is this one: a part of a sentence. */
export interface Exit {
  readonly code: 0 | 1;
  readonly words: string;
}

/** The exit code of reports that could be made; what is known does not count. Where all is well, the words hold no "fail": pipelines look for it. */
export function exitOf(reports: readonly Report[], { failOn, noAssumptions }: Limits): Exit {
  const verdicts = reports.flatMap((report) =>
    report.verdicts.filter((verdict) => !isKnown(report, verdict)),
  );
  const hasKnown = reports.some(({ known }) => known && known.findings.length + known.flows.size > 0);
  const number = (status: string) => verdicts.filter((verdict) => verdict.status === status).length;
  const counted = failOn === "never" ? [] : SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1);
  const [broken, holdsIf] = [number("broken"), noAssumptions ? number("holds-if") : 0];
  const reasons = [
    ...(broken === 0 ? [] : [`${plural(broken, "flow is", "flows are")} broken`]),
    ...(holdsIf === 0
      ? []
      : [`${plural(holdsIf, "flow depends", "flows depend")} on something else (--no-assumptions)`]),
    ...counted.flatMap((severity) => {
      const findings = reports.flatMap((report) => report.findings);
      const found = findings.filter((finding) => finding.severity === severity).length;
      return found === 0
        ? []
        : [plural(found, `finding is ${ONE[severity]}`, `findings are ${SEVERAL[severity]}`)];
    }),
  ];
  if (reasons.length > 0) return { code: 1, words: reasons.join(", ") };
  const well = [
    ...(verdicts.length === 0 ? [] : [noAssumptions ? "every flow holds" : "no flow is broken"]),
    ...(counted.length === 0
      ? []
      : [`no finding is ${counted.map((severity) => ONE[severity]).join(" or ")}`]),
  ];
  const words = well.length === 0 ? "findings do not count" : well.join(", ");
  return { code: 0, words: hasKnown ? `${words}, but for what is known` : words };
}

const ONE: Readonly<Record<Severity, string>> = {
  error: "an error",
  warning: "a warning",
  information: "information",
};

const SEVERAL: Readonly<Record<Severity, string>> = {
  error: "errors",
  warning: "warnings",
  information: "information",
};

function plural(number: number, one: string, several: string): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? one : several}`;
}
