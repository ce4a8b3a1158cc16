import { byText, groupedBy } from "../../io/lists";
import type { Report } from "../checks/model";
import type { Difference } from "../compare/difference";
import { flowIdText, localFlowId } from "../expect/flow-id";
import type { Endpoint } from "../expect/model";
import { DATA_ROLES, type Group } from "../inventory/model";
import type { Verdict } from "../judge/model";
import { groupsByKey, plural, trafficWords } from "./words";

/** What GitHub renders at most, as Mermaid's `maxTextSize` and `maxEdges`, which GitHub leaves as they are. */
export const LIMITS: Limits = { characters: 50_000, edges: 500 };

export interface Limits {
  readonly characters: number;
  readonly edges: number;
}

export interface Diagram {
  /** Mermaid source, without a newline at its end. */
  readonly text: string;
  /** What it does not show, in a sentence. */
  readonly omission?: string;
}

/**
 * A flowchart of the endpoints and the flows between them: solid for what gets through and may, dashed for what is
 * broken, with the ports as labels. Flows that must not get through and do not are no arrows.
 *
 * @param limits what must not be exceeded: then only the broken and changed flows are drawn, as many as fit
 */
export function diagram(
  reports: readonly Report[],
  difference: Difference | undefined,
  limits: Limits = LIMITS,
): Diagram {
  const arrows = arrowsOf(reports, difference);
  const whole = edgesOf(arrows);
  if (fits(whole, undefined, limits)) return { text: draw(whole) };
  const important = arrows.filter((arrow) => arrow.isImportant);
  const attempt = (number: number) => ({
    edges: edgesOf(important.slice(0, number)),
    omission: omissionWords(number, important.length, arrows.length),
  });
  // As many as fit, found by halving.
  let [most, tooMany] = [0, important.length + 1];
  while (tooMany - most > 1) {
    const middle = Math.floor((most + tooMany) / 2);
    const { edges, omission } = attempt(middle);
    if (fits(edges, omission, limits)) most = middle;
    else tooMany = middle;
  }
  const { edges, omission } = attempt(most);
  return { text: draw(edges, omission), omission };
}

/** Edges are counted first: what has too many of them is never drawn, however large the input is. */
function fits(edges: Edges, remark: string | undefined, limits: Limits): boolean {
  return edges.size <= limits.edges && draw(edges, remark).length <= limits.characters;
}

function omissionWords(drawn: number, important: number, total: number): string {
  const all = `All ${plural(total, "flow")} would be more than GitHub renders`;
  if (important === 0) return `${all}; none is broken or changed.`;
  if (drawn === important) return `${all}: only the broken and changed ones are drawn (${drawn}).`;
  return `${all}: only ${drawn} of the ${plural(important, "broken or changed flow")} are drawn.`;
}

interface Node {
  /** What it is sorted by. */
  readonly key: string;
  /** Which of the nodes it is, in the order in which they were met. */
  readonly number: number;
  readonly path: string;
  readonly name: string;
  /** What tells apart endpoints of one name. */
  readonly detail: string;
  readonly brackets: readonly [string, string];
}

interface Arrow {
  readonly from: Node;
  readonly to: Node;
  readonly line: "-->" | "-.->";
  readonly verdict: Verdict;
  /** Whether it is broken or changed. */
  readonly isImportant: boolean;
}

/** Arrows that share their ends and their line are one edge. */
type Edges = ReadonlyMap<string, readonly Arrow[]>;

function edgesOf(arrows: readonly Arrow[]): Edges {
  return groupedBy(arrows, ({ from, line, to }) => `${from.number} ${line} ${to.number}`);
}

function arrowsOf(reports: readonly Report[], difference: Difference | undefined): Arrow[] {
  const changed = new Set(
    (difference?.flows ?? []).map(({ path, flow }) => `${path}\n${flowIdText(flow.id)}`),
  );
  const nodes = new Map<string, Node>();
  const nodeOf = (path: string, endpoint: Endpoint, groups: ReadonlyMap<string, Group>) => {
    const key = keyOf(path, endpoint);
    const node = nodes.get(key) ?? { key, number: nodes.size, ...describe(path, endpoint, groups) };
    nodes.set(key, node);
    return node;
  };
  return reports.flatMap((report) => {
    const groups = groupsByKey(report);
    const isDrawn = ({ flow, status }: Verdict) => flow.expect === "allow" || status === "broken";
    return report.verdicts.filter(isDrawn).map((verdict) => ({
      from: nodeOf(report.path, verdict.flow.from, groups),
      to: nodeOf(report.path, verdict.flow.to, groups),
      line: verdict.status === "broken" ? ("-.->" as const) : ("-->" as const),
      verdict,
      isImportant:
        verdict.status === "broken" || changed.has(`${report.path}\n${flowIdText(verdict.flow.id)}`),
    }));
  });
}

/** Equal for endpoints that are the same, whatever the order of their groups and CIDRs. */
function keyOf(path: string, { name, groups, cidrs = [] }: Endpoint): string {
  return [path, name, ...[...groups].sort(byText), "", ...[...cidrs].sort(byText)].join("\n");
}

function describe(
  path: string,
  { name, groups, cidrs = [] }: Endpoint,
  known: ReadonlyMap<string, Group>,
): Omit<Node, "key" | "number"> {
  const labels = groups.map((key) => known.get(key)?.label ?? key);
  const isStore = groups.some((key) => {
    const roles = known.get(key)?.roles;
    return DATA_ROLES.some((role) => roles?.has(role));
  });
  const detail = [...labels, ...cidrs].join(", ");
  return {
    path,
    name,
    detail,
    brackets: isStore ? ["[(", ")]"] : groups.length > 0 ? ["[", "]"] : ["((", "))"],
  };
}

function arrowWords({ flow, status }: Verdict): string {
  const words = `${localFlowId(flow.id)}: ${trafficWords(flow.traffic)}`;
  if (status === "holds-if") return `${words} (if)`;
  if (status === "holds") return words;
  return flow.expect === "allow" ? `${words} (broken)` : `${words} (open, must be closed)`;
}

function draw(edges: Edges, remark?: string): string {
  const arrows = [...edges.values()].map(([first]) => first as Arrow);
  const nodes = [...new Set(arrows.flatMap(({ from, to }) => [from, to]))].sort((a, b) =>
    byText(a.key, b.key),
  );
  const ids = new Map(nodes.map((node, index) => [node, `n${index}`]));
  const lines = [
    "flowchart LR",
    ...nodeLines(nodes, ids),
    ...[...edges.values()].map((same) => {
      const { from, line, to } = same[0] as Arrow;
      const labels = same.map(({ verdict }) => escaped(arrowWords(verdict)));
      return `  ${ids.get(from)} ${line}|"${labels.join("<br>")}"| ${ids.get(to)}`;
    }),
  ];
  if (remark !== undefined) lines.push(`  remark["${escaped(remark)}"]`);
  if (lines.length === 1) lines.push('  remark["No flow gets through or is broken."]');
  return lines.join("\n");
}

/** The nodes, in one frame for each input when there are several. */
function nodeLines(nodes: readonly Node[], ids: ReadonlyMap<Node, string>): string[] {
  const paths = groupedBy(nodes, ({ path }) => path);
  return [...paths].flatMap(([path, own], index) => {
    const names = groupedBy(own, ({ name }) => name);
    const lines = own.map((node) => {
      const { name, detail, brackets } = node;
      const isAmbiguous = names.get(name)?.length !== 1 && detail !== "";
      const texts = isAmbiguous ? [name, detail] : [name];
      return `  ${ids.get(node)}${brackets[0]}"${texts.map(escaped).join("<br>")}"${brackets[1]}`;
    });
    if (paths.size === 1) return lines;
    return [`  subgraph s${index}["${escaped(path)}"]`, ...lines.map((line) => `  ${line}`), "  end"];
  });
}

/**
 * Text inside a quoted label: whatever is not plain becomes an entity of Mermaid's, so that quotes, directives
 * (`%%{`), HTML and Markdown are shown and not obeyed.
 */
function escaped(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[^\p{L}\p{N} _.,:/()+=-]/gu, (character) => `#${character.codePointAt(0)};`);
}
