/**
 * Which configured block each planned block may be, over all ways to give every planned block one of its own.
 */
export interface Exchange {
  /** Planned blocks, by their positions, that may only change places with each other. */
  readonly planned: readonly number[];
  /** The position of a configured block for each of them, in one such way. */
  readonly one: readonly number[];
  /** All configured blocks that each of them has in some such way. */
  readonly choices: readonly (readonly number[])[];
}

/**
 * All perfect matchings of two lists of the same length, as the parts in which they differ from each other. Undefined
 * where there is none. An edge is in some perfect matching if it is in a given one or lies on a cycle that alternates
 * with it (Berge), that is, within a strongly connected component. Time: O(n³).
 *
 * @param mayBe whether the planned block at a position may be the configured one at another
 */
export function perfectMatchings(
  size: number,
  mayBe: (planned: number, configured: number) => boolean,
): Exchange[] | undefined {
  const positions = Array.from({ length: size }, (_, index) => index);
  const edges = positions.map((planned) => positions.filter((configured) => mayBe(planned, configured)));
  const matched = oneMatching(edges);
  if (matched === undefined) return undefined;
  const owner = new Map(matched.map((configured, planned) => [configured, planned]));
  // A planned block leads to those whose configured blocks it may have as well.
  const leadsTo = edges.map((choices) => choices.map((configured) => owner.get(configured) as number));
  return components(leadsTo).map((planned) => {
    const members = new Set(planned);
    return {
      planned,
      one: planned.map((position) => matched[position] as number),
      choices: planned.map((position) =>
        (edges[position] as number[]).filter((configured) => members.has(owner.get(configured) as number)),
      ),
    };
  });
}

/** A configured block for each planned one, its own position where that goes, by augmenting paths. */
function oneMatching(edges: readonly (readonly number[])[]): number[] | undefined {
  const owner = new Map<number, number>();
  const homeless: number[] = [];
  for (const [position, choices] of edges.entries()) {
    if (choices.includes(position)) owner.set(position, position);
    else homeless.push(position);
  }
  const place = (planned: number, tried: Set<number>): boolean => {
    for (const configured of edges[planned] as readonly number[]) {
      if (tried.has(configured)) continue;
      tried.add(configured);
      const holder = owner.get(configured);
      if (holder === undefined || place(holder, tried)) {
        owner.set(configured, planned);
        return true;
      }
    }
    return false;
  };
  if (!homeless.every((planned) => place(planned, new Set()))) return undefined;
  const matched: number[] = [];
  for (const [configured, planned] of owner) matched[planned] = configured;
  return matched;
}

/**
 * The strongly connected components of a graph, by Kosaraju's two passes. Time: linear in its edges.
 *
 * @param leadsTo the nodes that each node leads to, by their positions
 */
export function components(leadsTo: readonly (readonly number[])[]): number[][] {
  const from: number[][] = leadsTo.map(() => []);
  for (const [node, targets] of leadsTo.entries()) for (const target of targets) from[target]?.push(node);

  const finished: number[] = [];
  walk([...leadsTo.keys()], leadsTo, new Set(), (node) => finished.push(node));
  const seen = new Set<number>();
  return finished.reverse().flatMap((root) => {
    const component: number[] = [];
    walk([root], from, seen, (node) => component.push(node));
    return component.length > 0 ? [component.sort((a, b) => a - b)] : [];
  });
}

/** Goes through all nodes that the roots lead to and that were not seen, deepest first. */
function walk(
  roots: readonly number[],
  edges: readonly (readonly number[])[],
  seen: Set<number>,
  leave: (node: number) => void,
): void {
  for (const root of roots) {
    if (seen.has(root)) continue;
    seen.add(root);
    walk(edges[root] as readonly number[], edges, seen, leave);
    leave(root);
  }
}
