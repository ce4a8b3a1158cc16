import { Unknown, type Value } from "../../../expression/value";
import type { Policy } from "../model";
import type { AllLabels, Matched } from "./selectors";

/** Policies that ask for one of some values of a label. */
type ByValue = Map<string, Policy[]>;

/** The policies of a namespace. */
interface Shelf {
  /** Those that ask for known values of a label of pods, each by one label. */
  readonly byLabel: Map<string, ByValue>;
  readonly others: Policy[];
}

/**
 * Finds the policies that may have to do with some pods, so that a thousand workloads are not held against a thousand policies
 * each. What it gives is never too little: whoever asks looks at each of them again.
 */
export class PolicyIndex {
  private readonly shelves = new Map<string, Shelf>();
  private readonly anywhere: Policy[] = [];
  private readonly order: ReadonlyMap<Policy, number>;

  constructor(private readonly policies: readonly Policy[]) {
    this.order = new Map(policies.map((policy, index) => [policy, index]));
    for (const policy of policies) this.add(policy);
  }

  /** The policies that may match pods of a namespace with these labels, in their order. */
  forLabels(namespace: Value, labels: AllLabels): readonly Policy[] {
    return this.found(namespace, (key, byValue) => {
      const { labels: own = {}, open = [] } = labels["pod"] ?? {};
      const name = key.slice("pod ".length);
      const value = Object.hasOwn(own, name) ? own[name] : undefined;
      if (open.includes(name) || value instanceof Unknown) return all(byValue);
      return typeof value === "string" ? (byValue.get(value) ?? []) : [];
    });
  }

  /** The policies that may match pods which a selector of this namespace matches, in their order. */
  forMatched(namespace: Value, matched: Matched | undefined): readonly Policy[] {
    return this.found(namespace, (key, byValue) => {
      const asked = matched?.get(key);
      if (asked === undefined || asked.isExcluding || asked.hasUnknown) return all(byValue);
      return [...asked.values].flatMap((value) => byValue.get(value) ?? []);
    });
  }

  private found(namespace: Value, choose: (key: string, byValue: ByValue) => readonly Policy[]): Policy[] {
    if (typeof namespace !== "string") return [...this.policies];
    const { byLabel, others } = this.shelves.get(namespace) ?? {
      byLabel: new Map<string, ByValue>(),
      others: [],
    };
    const chosen = [...byLabel].flatMap(([key, byValue]) => choose(key, byValue));
    const place = (policy: Policy) => this.order.get(policy) ?? 0;
    return [...new Set([...chosen, ...others, ...this.anywhere])].sort((a, b) => place(a) - place(b));
  }

  private add(policy: Policy): void {
    const { namespace, matched } = policy;
    if (typeof namespace !== "string") {
      this.anywhere.push(policy);
      return;
    }
    const shelf = this.shelves.get(namespace) ?? { byLabel: new Map<string, ByValue>(), others: [] };
    this.shelves.set(namespace, shelf);
    const [key, allowed] =
      [...(matched ?? [])].find(
        ([one, { mayBeMissing, isExcluding, hasUnknown }]) =>
          one.startsWith("pod ") && !mayBeMissing && !isExcluding && !hasUnknown,
      ) ?? [];
    if (key === undefined || allowed === undefined) {
      shelf.others.push(policy);
      return;
    }
    const byValue: ByValue = shelf.byLabel.get(key) ?? new Map();
    shelf.byLabel.set(key, byValue);
    for (const value of allowed.values) byValue.set(value, [...(byValue.get(value) ?? []), policy]);
  }
}

function all(byValue: ByValue): readonly Policy[] {
  return [...byValue.values()].flat();
}
