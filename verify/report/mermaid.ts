import { DATA_SERVICES } from "../../aws/data-services";
import { byText, groupedBy } from "../../io/lists";
import { plural } from "../../io/plural";
import type { Report } from "../checks/model";
import type { Difference } from "../compare/difference";
import { localFlowId } from "../expect/flow-id";
import type { Endpoint } from "../expect/model";
import { DATA_ROLES, type Group } from "../inventory/model";
import type { Verdict } from "../judge/model";
import { importantIn } from "./important";
import { printable } from "./layout";
import { groupsByKey, isKnown, trafficWords } from "./words";
import { type JudgedWorkload, judgedWorkloads } from "./workloads";

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
 * broken, with the ports as labels. Flows that must not get through and do not are no arrows. Workloads are nodes, with their
 * groups.
 *
 * @param limits what must not be exceeded: then workloads with the same groups are one node, and where that is too much, too,
 *   only the broken and changed flows are drawn, as many as fit
 */
export function diagram(
  reports: readonly Report[],
  difference: Difference | undefined,
  limits: Limits = LIMITS,
): Diagram {
  const { arrows, alone } = partsOf(reports, difference, "workloads");
  const whole = edgesOf(arrows);
  if (fits(whole, alone, undefined, limits)) return { text: draw(whole, alone) };
  if (reports.some(({ workloads }) => workloads)) {
    const edges = edgesOf(partsOf(reports, difference, "groups").arrows);
    if (fits(edges, [], SHARED, limits)) return { text: draw(edges, [], SHARED), omission: SHARED };
  }
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
    if (fits(edges, [], omission, limits)) most = middle;
    else tooMany = middle;
  }
  const { edges, omission } = attempt(most);
  return { text: draw(edges, [], omission), omission };
}

const SHARED =
  "Workloads with the same security groups are one node: a node for each would be more than GitHub renders.";

/** Edges are counted first: what has too many of them is never drawn, however large the input is. */
function fits(edges: Edges, alone: readonly Node[], remark: string | undefined, limits: Limits): boolean {
  const isCountable = edges.size <= limits.edges && alone.length * SHORTEST_NODE <= limits.characters;
  return isCountable && draw(edges, alone, remark).length <= limits.characters;
}

/** What the line of a node takes at least. */
const SHORTEST_NODE = 10;

function omissionWords(drawn: number, important: number, total: number): string {
  const all = `All ${plural(total, "flow")} would be more than GitHub renders`;
  if (important === 0) return `${all}; none is broken or changed.`;
  if (drawn === important) return `${all}: only the broken and changed ones are drawn (${drawn}).`;
  return `${all}: only ${drawn} of the ${plural(important, "broken or changed flow")} are drawn.`;
}

/** Groups on one interface, a workload, or addresses; whatever the flows call them. */
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
  readonly isWorkload: boolean;
}

interface Arrow {
  readonly from: Node;
  readonly to: Node;
  readonly line: "-->" | "-.->";
  readonly words: string;
  /** Whether it is broken or changed. */
  readonly isImportant: boolean;
}

/** Arrows that share their ends and their line are one edge. */
type Edges = ReadonlyMap<string, readonly Arrow[]>;

function edgesOf(arrows: readonly Arrow[]): Edges {
  return groupedBy(arrows, ({ from, line, to }) => `${from.number} ${line} ${to.number}`);
}

/** What is drawn of some reports: arrows, and workloads that have none. */
interface Parts {
  readonly arrows: readonly Arrow[];
  readonly alone: readonly Node[];
}

/** @param by whether each workload is a node, or each set of groups, whoever carries it */
function partsOf(
  reports: readonly Report[],
  difference: Difference | undefined,
  by: "workloads" | "groups",
): Parts {
  const nodes = new Nodes();
  const isImportant = importantIn(difference);
  const parts = reports.map((report) =>
    partsOfReport(report, new NodesOfReport(nodes, report, by), isImportant),
  );
  return {
    arrows: parts.flatMap(({ arrows }) => arrows),
    alone: parts.flatMap(({ alone }) => alone),
  };
}

function partsOfReport(
  report: Report,
  nodes: NodesOfReport,
  isImportant: ReturnType<typeof importantIn>,
): Parts {
  const arrows = report.verdicts
    .filter(({ flow, status }) => flow.expect === "allow" || status === "broken")
    .map(
      (verdict): Arrow => ({
        from: nodes.of(verdict.flow.from),
        to: nodes.of(verdict.flow.to),
        line: verdict.status === "broken" ? "-.->" : "-->",
        words: arrowWords(verdict, isKnown(report, verdict)),
        isImportant: isImportant(report, verdict),
      }),
    );
  const closed = nodes.workloads.flatMap((workload) =>
    workload.row.closedServices.map(
      (service): Arrow => ({
        from: nodes.ofWorkload(workload),
        to: nodes.service(service),
        line: "-.->",
        words: "no policy (broken)",
        isImportant: true,
      }),
    ),
  );
  const linked = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  const alone = nodes.workloads
    .filter(({ state }) => state !== "node" && state !== "broken")
    .map((workload) => nodes.ofWorkload(workload))
    .filter((node) => !linked.has(node));
  return { arrows: [...arrows, ...closed], alone };
}

/** All nodes, numbered in the order in which they are met. */
class Nodes {
  private readonly byKey = new Map<string, Node>();

  of(key: string, describe: () => Omit<Node, "key" | "number" | "names">): Node {
    const known = this.byKey.get(key);
    if (known) return known;
    const node = { key, number: this.byKey.size, names: new Set<string>(), ...describe() };
    this.byKey.set(key, node);
    return node;
  }
}

/** The nodes of one report. */
class NodesOfReport {
  private readonly path: string;
  private readonly groups: ReadonlyMap<string, Group>;
  private readonly byName = new Map<string, Node>();
  /** Where each is a node. */
  readonly workloads: readonly JudgedWorkload[];
  private readonly byAddress: ReadonlyMap<string, JudgedWorkload>;
  /** Of sets of groups that one workload carries: which. */
  private readonly carriers: ReadonlyMap<string, readonly JudgedWorkload[]>;

  constructor(
    private readonly nodes: Nodes,
    report: Report,
    by: "workloads" | "groups",
  ) {
    this.path = report.path;
    this.groups = groupsByKey(report);
    this.workloads = by === "workloads" ? judgedWorkloads(report) : [];
    this.byAddress = new Map(this.workloads.map((workload) => [workload.row.address, workload]));
    this.carriers = groupedBy(this.workloads, ({ row: { groups } }) =>
      groups.length > 0 ? this.keyOf("groups", groups) : undefined,
    );
  }

  /**
   * The same for endpoints that are the same, whatever they are called and in whatever order: those of a workload, of the same
   * groups, or without groups of the same CIDRs. A module and the root that calls it may have a name each for one group.
   */
  of(endpoint: Endpoint): Node {
    const { name, groups, cidrs = [], workload } = endpoint;
    const [kind, parts] =
      groups.length > 0
        ? (["groups", groups] as const)
        : cidrs.length > 0
          ? (["cidrs", cidrs] as const)
          : (["name", [name]] as const);
    const key = this.keyOf(kind, parts);
    const known = workload === undefined ? this.carrierOf(key) : this.byAddress.get(workload);
    const node = known ? this.ofWorkload(known) : this.nodes.of(key, () => this.described(endpoint, false));
    // A workload has its name already, unless the flows give it another one.
    if (known?.row.name.split(/[ /]/).at(-1) !== name) node.names.add(name);
    this.byName.set(name, node);
    return node;
  }

  ofWorkload({ row: { name, address, groups }, state, words }: JudgedWorkload): Node {
    const node = this.nodes.of(this.keyOf("workload", [address]), () => {
      const described = this.described({ name, groups }, true);
      return state === "unknown" ? { ...described, detail: words } : described;
    });
    node.names.add(name);
    return node;
  }

  /** A data service by its address, which other flows may lead to. */
  service(address: string): Node {
    const known = this.byName.get(address);
    if (known) return known;
    const described = { ...this.described({ name: address, groups: [] }, false), isStore: true };
    const node = this.nodes.of(this.keyOf("name", [address]), () => described);
    node.names.add(address);
    return node;
  }

  private carrierOf(key: string): JudgedWorkload | undefined {
    const [only, ...more] = this.carriers.get(key) ?? [];
    return more.length === 0 ? only : undefined;
  }

  private keyOf(kind: string, parts: readonly string[]): string {
    return [this.path, kind, ...[...parts].sort(byText)].join("\n");
  }

  private described({ groups, cidrs = [] }: Endpoint, isWorkload: boolean) {
    const labels = groups.map((key) => this.groups.get(key)?.label ?? key);
    const isStore = groups.some((key) => {
      const roles = this.groups.get(key)?.roles;
      return DATA_ROLES.some((role) => roles?.has(role));
    });
    const detail = [...labels, ...cidrs].join(", ");
    return { path: this.path, detail, isStore, hasGroups: groups.length > 0, isWorkload };
  }
}

/** Names of endpoints that say what is behind them, where the input does not show what carries the group, as in a module. */
const STORE_NAMES: ReadonlySet<string> = new Set([
  "database",
  "cache",
  ...Object.entries(DATA_SERVICES).flatMap(([name, { key }]) => [name, key]),
]);

/** What ids call a need, where a word says more. */
const NEEDS: Readonly<Record<string, string>> = {
  api: "API",
  dns: "DNS",
  from: "NetworkPolicy",
  "target-group": "target group",
};

function arrowWords({ flow, status }: Verdict, isKnown: boolean): string {
  // Its ends say which workload it is of.
  const need = flow.origins?.[0]?.need;
  const name = need === undefined ? localFlowId(flow.id) : (NEEDS[need] ?? need);
  const words = `${name}: ${trafficWords(flow.traffic)}`;
  const known = isKnown ? ", known" : "";
  if (status === "holds-if") return `${words} (if${known})`;
  if (status === "holds") return words;
  return flow.expect === "allow" ? `${words} (broken${known})` : `${words} (open, must be closed${known})`;
}

function draw(edges: Edges, alone: readonly Node[], remark?: string): string {
  const arrows = [...edges.values()].map(([first]) => first as Arrow);
  const nodes = [...new Set([...arrows.flatMap(({ from, to }) => [from, to]), ...alone])].sort((a, b) =>
    byText(a.key, b.key),
  );
  const ids = new Map(nodes.map((node, index) => [node, `n${index}`]));
  const lines = [
    "flowchart LR",
    ...nodeLines(nodes, ids),
    ...[...edges.values()].map((same) => {
      const { from, line, to } = same[0] as Arrow;
      const labels = new Set(same.map(({ words }) => escaped(words)));
      return `  ${ids.get(from)} ${line}|"${[...labels].join("<br>")}"| ${ids.get(to)}`;
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
      const isDetailed = detail !== "" && (node.isWorkload || named.get(name)?.length !== 1);
      const texts = isDetailed ? [name, detail] : [name];
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

/** A stadium for a workload, a cylinder for what keeps data, a box for other groups, a circle for addresses. */
function bracketsOf({ names, isStore, hasGroups, isWorkload }: Node): readonly [string, string] {
  if (isWorkload) return ["([", "])"];
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
