import type { Carriers, Found, Taken } from "./model";

/** What an object is today, and what holds it then. */
export interface Becomes {
  readonly kind: Found["kind"];
  readonly from: string;
  readonly to: string;
  /** Where one of the two is a block of a group: which of them has blocks. */
  readonly block?: "from" | "to";
  /** Of a group: who carries it, where anything shows that. */
  readonly carriers?: Carriers;
}

/**
 * What becomes of the objects that a call takes over: each gets another address. A rule that gets another form comes from one
 * resource or more, or from a block; and a group that gets blocks takes rules in.
 */
export function becomes(takes: readonly Taken[]): Becomes[] {
  const continued = new Set(takes.flatMap(({ from }) => (from.kind === "rule" ? (from.origins ?? []) : [])));
  return takes.flatMap(({ from, to }): Becomes[] => {
    if (from.kind === "group") {
      const hasBlocks = Object.keys(from.inline).length > 0;
      return [
        {
          kind: "group",
          from: from.address,
          to,
          ...(from.carriers !== undefined && { carriers: from.carriers }),
        },
        ...(from.releases ?? [])
          .filter((rule) => !continued.has(rule))
          .map(
            ({ address }): Becomes => ({
              kind: "rule",
              from: address,
              to,
              ...(hasBlocks && { block: "to" as const }),
            }),
          ),
      ];
    }
    if (from.origins === undefined) return [{ kind: "rule", from: from.address, to }];
    return from.origins.map(
      ({ kind, address }): Becomes => ({
        kind: "rule",
        from: address,
        to,
        ...(kind === "group" && { block: "from" as const }),
      }),
    );
  });
}
