import { parseAddress } from "../../expression/address";
import type { Report } from "../checks/model";
import { flowIdText } from "../expect/flow-id";
import type { GroupNames } from "../inventory/model";
import type { Cure, Verdict } from "../judge/model";
import { impossibleWords } from "./condition-words";
import { moduleName } from "./cure-place";
import { type CureWriter, cureWriter, type WrittenCure } from "./cure-terraform";

/** A file with the rules that flows lack. */
export interface Fix {
  /** HCL as `terraform fmt` has it; undefined where no rule can be written. */
  readonly text?: string;
  /** How many rules it has. */
  readonly rules: number;
  /** The flows whose rules are all in it, and whether they then still depend on something else. */
  readonly flows: readonly { readonly flow: string; readonly isConditional: boolean }[];
  /** Broken flows that it does not mend, with the reason. */
  readonly left: readonly { readonly flow: string; readonly why: string }[];
}

/**
 * The rules that the broken flows of a folder lack, for a new file of its root. Of a flow either all rules are in it or none:
 * half of them would mend nothing.
 */
export function fixOf(report: Report): Fix {
  const write = cureWriter(report);
  const broken = report.verdicts.filter(({ status }) => status === "broken");
  const judged = broken.map((verdict) => ({
    verdict,
    flow: flowIdText(verdict.flow.id),
    why: obstacle(verdict, write, report.names),
  }));
  const mended = judged.filter(({ why }) => why === undefined);
  const cures = new Map<string, Cure>();
  for (const cure of mended.flatMap(({ verdict }) => verdict.cures)) {
    const { group, direction, traffic, peer } = cure;
    const meaning = JSON.stringify([group, direction, traffic, peer]);
    if (!cures.has(meaning)) cures.set(meaning, cure);
  }
  const rules = write([...cures.values()], namesInRoot(report)).map(({ terraform }) => terraform);
  const flows = mended.map(({ flow, verdict }) => ({ flow, isConditional: verdict.conditions.length > 0 }));
  return {
    ...(rules.length > 0 && { text: `${[heading(flows), ...rules].join("\n\n")}\n` }),
    rules: rules.length,
    flows,
    left: judged.flatMap(({ flow, why }) => (why === undefined ? [] : [{ flow, why }])),
  };
}

function heading(flows: Fix["flows"]): string {
  const lines = flows.map(
    ({ flow, isConditional }) =>
      `# - ${flow}${isConditional ? ", which then depends on something else" : ""}`,
  );
  return ["# Rules that these flows lack:", ...lines].join("\n");
}

/** Why the rules of a broken flow cannot stand in a new file of the root; undefined where they can. */
function obstacle(verdict: Verdict, write: CureWriter, names: GroupNames): string | undefined {
  const { flow, cures, openedBy } = verdict;
  if (flow.expect === "deny") return `${openedBy.join(", ")} must be narrowed or removed`;
  if (cures.length === 0) return impossibleWords(verdict) ?? "no rule in this folder would fix it";
  return write(cures).flatMap((one) => obstacleOf(one, names) ?? [])[0];
}

function obstacleOf(
  { cure, first, place, needs, nameOf }: WrittenCure,
  names: GroupNames,
): string | undefined {
  const { group, peer } = cure;
  const [need] = needs;
  const ends = [group, ...(peer.kind === "group" ? [peer.group] : [])];
  if (first !== undefined) return first;
  if (need !== undefined) return need.why;
  if (place.block !== undefined)
    return `the rules of ${group} are inline blocks: add the rule there, as the report shows`;
  if (place.module !== "")
    return `its rule belongs in module ${moduleName(place.module)}, as the report shows`;
  for (const end of ends) {
    const name = nameOf(end);
    if (name === undefined) return `no expression here names ${end}`;
    if (names.mayBeAbsent(end))
      return `how many instances of ${end} exist is not known: its rule must exist as often`;
  }
  return peer.kind === "unknown" ? `what ${peer.expression} is, is not known` : undefined;
}

/** The names of the rules that the root has already. */
function namesInRoot({ rules }: Report): string[] {
  return rules.flatMap(({ address }) => {
    const { calls, resource } = parseAddress(address) ?? {};
    return calls?.length === 0 && resource !== undefined ? [resource.name] : [];
  });
}
