import { byText, groupedBy } from "../io/lists";
import type { Traffic } from "../network/traffic";
import type { Inventory, Role, SecurityGroupRule } from "../verify/inventory/model";
import type { Input } from "../verify/read/model";
import { idsOf, inventoryOf, isPrefixListType } from "./inventory";
import type { Estate, FoundGroup, FoundRule } from "./model";

/** The other end of a rule, groups by their ids. */
export type SeenPeer =
  | { readonly kind: "group"; readonly id: string }
  | { readonly kind: "cidr"; readonly cidr: string }
  | { readonly kind: "prefix-list"; readonly id: string };

/** A rule of a resource of its own, with what it means. */
export interface SeenRule {
  readonly found: FoundRule;
  readonly traffic: Traffic;
  readonly peer: SeenPeer;
}

/** What the rules of an estate mean and what its groups are on, as the verifier reads its state. */
export class Seen {
  /** The estate's groups by their ids. */
  readonly groups: ReadonlyMap<string, FoundGroup>;
  private readonly inventory: Inventory;
  private readonly meanings: ReadonlyMap<string, readonly SecurityGroupRule[]>;
  private readonly ids: ReadonlyMap<string, string>;
  private readonly rulesOn: ReadonlyMap<string, readonly FoundRule[]>;
  private readonly naming: ReadonlyMap<string, readonly { readonly rule: FoundRule }[]>;

  constructor(
    readonly estate: Estate,
    state: Input,
  ) {
    this.inventory = inventoryOf(state);
    const lists = idsOf(state, isPrefixListType);
    this.groups = new Map(estate.groups.map((group) => [group.id, group]));
    this.ids = new Map(estate.groups.map(({ address, id }) => [address, id]));
    this.meanings = groupedBy(
      this.inventory.rules.map((rule): SecurityGroupRule => {
        const { peer } = rule;
        // The inventory names a list by its resource where the state has one, and knows its entries then.
        const id = peer.kind === "prefix-list" ? lists.get(peer.id) : undefined;
        return id === undefined ? rule : { ...rule, peer: { kind: "prefix-list", id } };
      }),
      ({ address }) => address,
    );
    this.rulesOn = groupedBy(estate.rules, ({ group }) => group);
    this.naming = groupedBy(
      estate.rules.flatMap((rule) => rule.peers.map((peer) => ({ peer, rule }))),
      ({ peer }) => peer,
    );
  }

  /** What the resource of a rule means. */
  meaningsOf(address: string): readonly SecurityGroupRule[] {
    return this.meanings.get(address) ?? [];
  }

  /** The id of a group by its key in the inventory. */
  idOf(key: string): string {
    return this.ids.get(key) ?? key;
  }

  /** The resources of rules on a group. */
  on(id: string): readonly FoundRule[] {
    return this.rulesOn.get(id) ?? [];
  }

  /** The resources of rules on some groups, and of those that name them, in the order of their addresses. */
  near(ids: ReadonlySet<string>): FoundRule[] {
    const near = [...ids].flatMap((id) => [
      ...this.on(id),
      ...(this.naming.get(id) ?? []).map(({ rule }) => rule),
    ]);
    return [...new Set(near)].sort((a, b) => byText(a.address, b.address));
  }

  /** The rules on a group that mean one thing each. */
  rulesOf(id: string): SeenRule[] {
    return this.on(id).flatMap((found) => {
      const [one, ...more] = this.meaningsOf(found.address);
      const peer = one && this.peerOf(one, found);
      return one?.traffic === undefined || more.length > 0 || peer === undefined
        ? []
        : [{ found, traffic: one.traffic, peer }];
    });
  }

  private peerOf({ peer }: SecurityGroupRule, { peers }: FoundRule): SeenPeer | undefined {
    switch (peer.kind) {
      case "group":
        // With its account, where it is written so: the provider shows a change for the id alone.
        return { kind: "group", id: peers.find((id) => id.includes("/")) ?? this.idOf(peer.group) };
      case "cidr":
        return { kind: "cidr", cidr: peer.cidr };
      case "prefix-list":
        return { kind: "prefix-list", id: peer.id };
      case "unknown":
        return undefined;
    }
  }

  /** What a group is attached to, as far as the state or what AWS lists shows it. */
  rolesOf({ address, carriers }: FoundGroup): ReadonlySet<Role> {
    return new Set([...(this.inventory.groups.get(address)?.roles ?? []), ...(carriers?.roles ?? [])]);
  }

  /** Whether pods carry a group beside another one. */
  isBesideOthers({ address }: FoundGroup): boolean {
    return this.inventory.policies.some(({ groups }) => groups.length > 1 && groups.includes(address));
  }
}
