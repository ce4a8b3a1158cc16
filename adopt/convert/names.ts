import { parseAddress } from "../../expression/address";
import { groupedBy } from "../../io/lists";
import { ruleName } from "../generic";
import type { Estate } from "../model";
import { Names } from "../names";
import { type DeclaredRule, singlesOfRule } from "../single-rules";
import { trafficWords } from "./words";

/** Names for what gets another form: like those of the resources that they come from, or by what they mean. */
export class ConvertedNames {
  private readonly names = new Map<string, Names>();
  private readonly groups: ReadonlyMap<string, string>;

  constructor(estate: Estate) {
    for (const [type, rules] of groupedBy(estate.rules, (rule) => rule.type))
      this.names.set(
        type,
        new Names(rules.flatMap(({ address }) => parseAddress(address)?.resource?.name ?? [])),
      );
    this.groups = new Map(estate.groups.map(({ id, name }) => [id, name]));
  }

  /** An address that nothing has. */
  next(type: string, rule: DeclaredRule): string {
    const names = this.names.get(type) ?? new Names();
    this.names.set(type, names);
    return `${type}.${names.next(this.nameOf(rule))}`;
  }

  private nameOf(rule: DeclaredRule): string {
    const { origin, peer, group } = rule;
    const peerName =
      peer.kind !== "group"
        ? peer.value
        : peer.value === group
          ? "self"
          : (this.groups.get(peer.value) ?? peer.value);
    if (origin.kind === "group") return [...trafficWords(rule), peerName].join("_");
    const name = origin.name ?? ruleName(origin.address);
    return singlesOfRule(origin).length === 1 ? name : `${name}_${peerName}`;
  }
}
