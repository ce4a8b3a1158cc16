import { DATA_SERVICES } from "../../aws/data-services";
import { byText, groupedBy } from "../../io/lists";
import { plural } from "../../io/plural";
import type { Report } from "../checks/model";
import type { Difference } from "../compare/difference";
import { flowIdText, localFlowId } from "../expect/flow-id";
import type { Endpoint } from "../expect/model";
import { DATA_ROLES, type Group } from "../inventory/model";
import type { Verdict } from "../judge/model";
import { printable } from "./layout";
import { groupsByKey, isKnown, trafficWords } from "./words";

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

/** Groups on one interface, or addresses; whatever the flows call them. */
interface Node {
  /** What it is sorted by. */
  readonly key: string;
  /** Which of the nodes it is, in the order in which they were met. */
  readonly number: number;
  readonly path: string;
  /** What the flows call it, in the order in which they do. */
  readonly names: Set<string>;
  /** What tells apart nodes of one name. */
  readonly detail: string;
  /** Whether the input shows that a database, a cache or the like carries its groups. */
  readonly isStore: boolean;
  readonly hasGroups: boolean;
}

interface Arrow {
  readonly from: Node;
  readonly to: Node;
  readonly line: "-->" | "-.->";
  readonly verdict: Verdict;
  /** Whether it is known not to be as it should. */
  readonly isKnown: boolean;
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
    node.names.add(endpoint.name);
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
      isKnown: isKnown(report, verdict),
      isImportant:
        verdict.status === "broken" || changed.has(`${report.path}\n${flowIdText(verdict.flow.id)}`),
    }));
  });
}

/**
 * Equal for endpoints that are the same, whatever they are called and in whatever order: those of the same groups, or without
 * groups of the same CIDRs. A module and the root that calls it may have a name each for one group.
 */
function keyOf(path: string, { name, groups, cidrs = [] }: Endpoint): string {
  const [kind, parts] =
    groups.length > 0 ? ["groups", groups] : cidrs.length > 0 ? ["cidrs", cidrs] : ["name", [name]];
  return [path, kind, ...[...parts].sort(byText)].join("\n");
}

function describe(
  path: string,
  { groups, cidrs = [] }: Endpoint,
  known: ReadonlyMap<string, Group>,
): Omit<Node, "key" | "number"> {
  const labels = groups.map((key) => known.get(key)?.label ?? key);
  const isStore = groups.some((key) => {
    const roles = known.get(key)?.roles;
    return DATA_ROLES.some((role) => roles?.has(role));
  });
  return {
    path,
    names: new Set(),
    detail: [...labels, ...cidrs].join(", "),
    isStore,
    hasGroups: groups.length > 0,
  };
}

/** Names of endpoints that say what is behind them, where the input does not show what carries the group, as in a module. */
const STORE_NAMES: ReadonlySet<string> = new Set([
  "database",
  "cache",
  ...Object.entries(DATA_SERVICES).flatMap(([name, { key }]) => [name, key]),
]);

function arrowWords({ verdict: { flow, status }, isKnown }: Arrow): string {
  const words = `${localFlowId(flow.id)}: ${trafficWords(flow.traffic)}`;
  const known = isKnown ? ", known" : "";
  if (status === "holds-if") return `${words} (if${known})`;
  if (status === "holds") return words;
  return flow.expect === "allow" ? `${words} (broken${known})` : `${words} (open, must be closed${known})`;
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
      const labels = same.map((arrow) => escaped(arrowWords(arrow)));
      return `  ${ids.get(from)} ${line}|"${labels.join("<br>")}"| ${ids.get(to)}`;
    }),
  ];
  if (remark !== undefined) lines.push(`  remark["${escaped(remark)}"]`);
  if (lines.length === 1) lines.push('  remark["No flow gets through or is broken."]');
  return lines.map(withSpareSemicolons).join("\n");
}

/** Mermaid takes the last semicolon away from a line that it takes for a style with a colour: that of an entity, in a label. */
function withSpareSemicolons(line: string): string {
  const once = (text: string, lookalike: RegExp) => text.replace(lookalike, "$&;");
  return once(once(line, /classDef.*:\S*#.*;/), /style.*:\S*#.*;/);
}

/** The nodes, in one frame for each input when there are several. */
function nodeLines(nodes: readonly Node[], ids: ReadonlyMap<Node, string>): string[] {
  const paths = groupedBy(nodes, ({ path }) => path);
  return [...paths].flatMap(([path, own], index) => {
    const named = groupedBy(own, nameOf);
    const lines = own.map((node) => {
      const { detail } = node;
      const name = nameOf(node);
      const isAmbiguous = named.get(name)?.length !== 1 && detail !== "";
      const texts = isAmbiguous ? [name, detail] : [name];
      const [left, right] = bracketsOf(node);
      return `  ${ids.get(node)}${left}"${texts.map(escaped).join("<br>")}"${right}`;
    });
    if (paths.size === 1) return lines;
    return [`  subgraph s${index}["${escaped(path)}"]`, ...lines.map((line) => `  ${line}`), "  end"];
  });
}

function nameOf({ names }: Node): string {
  return [...names].join(" / ");
}

/** A cylinder for what keeps data, a box for other groups, a circle for addresses. */
function bracketsOf({ names, isStore, hasGroups }: Node): readonly [string, string] {
  if (isStore || [...names].some((name) => STORE_NAMES.has(name))) return ["[(", ")]"];
  return hasGroups ? ["[", "]"] : ["((", "))"];
}

/**
 * What a quoted label of Mermaid's would obey instead of showing it, and the entity that shows it: the end of the label and of
 * its lines, entities, HTML, Markdown of older versions, directives (`%%{`) and formulas (`$$`).
 */
const ENTITIES: Readonly<Record<string, string>> = {
  '"': "#quot;",
  "&": "#amp;",
  "<": "#lt;",
  ">": "#gt;",
  "`": "#grave;",
  "*": "#ast;",
  "\\": "#bsol;",
  "%": "#percnt;",
  $: "#dollar;",
  "#": "#num;",
};

/** Text inside a quoted label, as it is wherever Mermaid shows it so. */
function escaped(text: string): string {
  return printable(text.replace(/\s+/g, " ")).replace(
    /["&<>`*\\]|%(?=%)|\$(?=\$)|#(?=\w+;)/g,
    (character) => ENTITIES[character] as string,
  );
}
