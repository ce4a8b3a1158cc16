import { createHash } from "node:crypto";
import { byText, groupedBy, sortedOnce } from "../../io/lists";
import { describeTraffic } from "../../network/traffic";
import type { Finding, Report } from "../checks/model";
import { ruleWords } from "../checks/words";
import { flowIdText } from "../expect/flow-id";
import type { Verdict } from "../judge/model";

/**
 * What makes a finding or a flow that is not as it should be the same in another run: neither lines nor paths nor the words
 * of its message, which move while it stays.
 */
export interface Identity {
  /** The id of the check, or of the flow. */
  readonly of: string;
  /** Where it is, of a finding: the address, for an inline block that of its group, because the blocks are numbered. */
  readonly place: string;
  /** What of it, sorted: what rules say, what a flow lacks. Of two that differ only here, the one that has more is worse. */
  readonly about: readonly string[];
}

/** The identities of what a report holds. Time: linear in its rules, once. */
export interface Identities {
  readonly ofFinding: (finding: Finding) => Identity;
  readonly ofFlow: (verdict: Verdict) => Identity;
}

export function identitiesOf({ rules }: Pick<Report, "rules">): Identities {
  const byAddress = groupedBy(rules, ({ address }) => address);
  const rulesAt = (address: string) => byAddress.get(address) ?? [];
  return {
    ofFinding: ({ check, address, about }) => {
      const own = rulesAt(address);
      const block = own.find(({ form }) => form === "inline");
      return {
        of: check,
        place: block?.group ?? address,
        about: sortedOnce(about ?? own.map(ruleWords)),
      };
    },
    ofFlow: ({ flow, halves, openedBy }) => ({
      of: flowIdText(flow.id),
      place: "",
      about: sortedOnce([
        `${flow.expect} ${flow.from.name} -> ${flow.to.name}`,
        ...halves.flatMap(({ endpoint, direction, missing }) =>
          flow.expect === "allow"
            ? missing.map((traffic) => `${endpoint.name} ${direction} lacks ${describeTraffic(traffic)}`)
            : [],
        ),
        ...openedBy.flatMap((address) => {
          const own = rulesAt(address);
          return own.length === 0
            ? [`opened by ${address}`]
            : own.map((rule) => `opened by ${ruleWords(rule)}`);
        }),
      ]),
    }),
  };
}

/** One text for an identity, for programs that match results of several runs. */
export function fingerprint({ of, place, about }: Identity, input: string): string {
  return createHash("sha256")
    .update(JSON.stringify([input, of, place, about]))
    .digest("hex");
}

/** By check or flow, place and what of it. */
export function compareIdentities(a: Identity, b: Identity): number {
  return byText(a.of, b.of) || byText(a.place, b.place) || byText(a.about.join("\n"), b.about.join("\n"));
}
