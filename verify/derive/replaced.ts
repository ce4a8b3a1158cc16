import type { Derived } from "./flows";

/** What a `flows.yaml` says of derived flows, by their ids: each is left out, or replaced by a flow. */
export type StatedInstead = Readonly<
  Record<string, { readonly reason: string; readonly flow?: string | undefined }>
>;

/** Derived flows without those that are left out or replaced, each of which is told. */
export function withoutReplaced({ flows, notes, table }: Derived, stated: StatedInstead = {}): Derived {
  const ids = new Set(flows.map(({ id }) => id.name));
  const told = Object.entries(stated).map(([id, { reason, flow }]) => {
    if (!ids.has(id)) return `derived.${id} of flows.yaml meets no flow that a workload needs: it can go`;
    return `${id} is ${flow === undefined ? "left out" : "replaced"}: ${reason}`;
  });
  return {
    flows: flows.filter(({ id }) => !Object.hasOwn(stated, id.name)),
    notes: [...notes, ...told],
    table,
  };
}
