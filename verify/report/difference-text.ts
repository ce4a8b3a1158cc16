import type { Finding } from "../checks/model";
import type { Change, Difference, FlowChange } from "../compare/difference";
import type { Reachable } from "../compare/reachable";
import { flowIdText } from "../expect/flow-id";
import { unknownTrafficWords } from "./doubt-words";
import { labelled, printable, type Screen, wrap } from "./layout";
import { arrow, trafficWords } from "./words";

const CHANGES: Readonly<Record<Change, string>> = {
  new: "new",
  gone: "gone",
  opens: "opens",
  closes: "closes",
  conditional: "now depends on conditions",
  restated: "declared differently",
  rules: "other rules",
};

const STATUSES = { holds: "holds", broken: "broken", "holds-if": "holds if" } as const;

/** How a flow changed, in words: `closes (holds, now broken)`. */
export function changeWords({ changes, before, after }: FlowChange): string {
  // Other rules are what opens and closes flows: that they are others needs no word then.
  const needsRules = !changes.some((change) => change === "opens" || change === "closes");
  const words = changes.filter((change) => change !== "rules" || needsRules).map((change) => CHANGES[change]);
  const now =
    after && (before === undefined ? STATUSES[after] : `was ${STATUSES[before]}, now ${STATUSES[after]}`);
  return `${words.join(", ")}${now !== undefined && before !== after ? ` (${now})` : ""}`;
}

/** What becomes reachable, in words, or why that is not determined. */
export function reachableTraffic({ traffic, unknownTraffic }: Reachable): string {
  const words = trafficWords(traffic);
  return unknownTraffic === undefined
    ? words
    : `up to ${words}, not determined: ${unknownTrafficWords(unknownTraffic)}`;
}

/** The difference as a section of the text report. */
export function differenceText({ flows, reachable, findings }: Difference, screen: Screen): string[] {
  const { paint } = screen;
  const ofFindings = wrap(findingCountWords(findings), 2, screen);
  const each = [
    ...findings.added.map(({ finding }) => paint("red", `      + ${findingName(finding)}`)),
    ...findings.gone.map(({ finding }) => paint("green", `      - ${findingName(finding)}`)),
  ];
  if (flows.length + reachable.length === 0) {
    const nothing = "  No flow changes, and nothing becomes reachable.";
    return ["Difference to the base", nothing, ...ofFindings, ...each];
  }
  return [
    "Difference to the base",
    ...worseFirst(flows).flatMap((change) => [
      ...wrap(
        `${printable(flowIdText(change.flow.id))}  ${change.flow.from.name} ${arrow(change.flow)} ${change.flow.to.name}  ${trafficWords(change.flow.traffic)}`,
        2,
        screen,
      ),
      paint(isWorse(change) ? "red" : "bold", `      ${changeWords(change)}`),
      ...change.addedRules.map((address) => paint("green", `      + ${printable(address)}`)),
      ...change.removedRules.map((address) => paint("red", `      - ${printable(address)}`)),
    ]),
    ...(reachable.length === 0 ? [] : ["", "Becomes reachable"]),
    ...reachable.flatMap((one) => [
      ...labelled(printable(`${one.from} -> ${one.to}`), reachableTraffic(one), 2, 0, screen),
      ...wrap(`by ${one.rules.join(", ")}`, 6, screen),
    ]),
    "",
    ...ofFindings,
    ...each,
  ];
}

/** How many findings are new, gone and neither. */
export function findingCountWords({ added, gone, unchanged }: Difference["findings"]): string {
  return `Findings: ${added.length} new, ${gone.length} gone, ${unchanged} unchanged.`;
}

/** A finding, without its message: what is new has that below, and what is gone is no more. */
export function findingName({ severity, check, address }: Finding): string {
  return printable(`${severity} ${check} ${address}`);
}

/** What broke first; otherwise in order. */
function worseFirst(changes: readonly FlowChange[]): FlowChange[] {
  return [...changes].sort((a, b) => Number(isWorse(b)) - Number(isWorse(a)));
}

function isWorse({ before, after }: FlowChange): boolean {
  return after === "broken" && before !== "broken";
}
