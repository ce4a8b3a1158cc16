import { plural } from "../io/plural";
import type { Report, Severity } from "../verify/checks/model";
import { failingSeverities, flowFails, isCounted, type Limits } from "../verify/report";

/** An exit code, and why it is this one: a part of a sentence. */
export interface Exit {
  readonly code: 0 | 1;
  readonly words: string;
}

/** The exit code of reports that could be made; what is known does not count. Where all is well, the words hold no "fail": pipelines look for it. */
export function exitOf(reports: readonly Report[], limits: Limits): Exit {
  const { noAssumptions } = limits;
  const failing = reports.flatMap((report) =>
    report.verdicts.filter((verdict) => flowFails(report, verdict, limits)),
  );
  const hasFlows = reports.some(({ verdicts }) => verdicts.length > 0);
  const hasKnown = reports.some(({ known }) => known && known.findings.length + known.flows.size > 0);
  const number = (wanted: string) => failing.filter(({ status }) => status === wanted).length;
  const counted = failingSeverities(limits);
  const [broken, holdsIf] = [number("broken"), number("holds-if")];
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
  const idle = reports.flatMap((report) =>
    report.verdicts.filter((one) => one.status === "broken" && !isCounted(report, one)),
  ).length;
  if (reasons.length > 0) return { code: 1, words: reasons.join(", ") };
  const well = [
    ...(!hasFlows ? [] : [noAssumptions ? "every flow holds" : "no flow is broken"]).map((words) =>
      idle === 0 ? words : `${words} but ${idle} that workloads need, which count with --expect`,
    ),
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
