import { groupedBy } from "../../io/lists";
import { plural } from "../../io/plural";
import type { Input } from "../../verify/read/model";
import { ownerOf } from "../left";
import type { Listings } from "../listings";
import { isOfAws } from "../live";
import type { Estate, FoundGroup, FoundRule, Left } from "../model";
import type { Question, Questions } from "../questions";
import { type Compared, Sides } from "./sides";

/** A group of which AWS has something else than Terraform knows. */
export interface Drift {
  readonly address: string;
  readonly id: string;
  /** In words, one each. */
  readonly differences: readonly string[];
  /** The side that was said to be right; absent where nobody said it: then the group is left. */
  readonly side?: "live" | "configuration";
}

/** An estate with nothing in it that drifted, or with the side that is right. */
export interface Settled {
  readonly estate: Estate;
  readonly drift: readonly Drift[];
  readonly left: readonly Left[];
  /** The addresses of groups that the lists do not have, so that nothing is known of their drift. */
  readonly unlisted: readonly string[];
}

/**
 * Compares what Terraform knows with what AWS lists. A group that drifted is left, with its rules, unless somebody says which side
 * is right. Tags of AWS's own and rules that a controller makes are no drift.
 *
 * @param state what the estate was made of
 */
export function settled(estate: Estate, state: Input, listings: Listings, questions: Questions): Settled {
  if (listings.groups === undefined && listings.rules === undefined)
    return { estate, drift: [], left: [], unlisted: [] };
  const sides = new Sides(estate, state, listings);
  const drift: Drift[] = [];
  const left: Left[] = [];
  const unlisted: string[] = [];
  const groups: FoundGroup[] = [];
  const rules = new Map(groupedBy(estate.rules, ({ group }) => group)) as Map<string, readonly FoundRule[]>;
  for (const group of estate.groups) {
    const compared = ownerOf(withLiveTags(group, listings)) === undefined ? sides.of(group) : undefined;
    if (compared === undefined) {
      groups.push(withLiveTags(group, listings));
      if (!sides.isListed(group.id)) unlisted.push(group.address);
      continue;
    }
    const { differences } = compared;
    left.push(...compared.others);
    const known: FoundGroup = { ...group, undeclared: sides.undeclared(group) };
    if (differences.length === 0) {
      groups.push(known);
      continue;
    }
    const side = questions.answerTo(questionAbout(group, differences)) as Drift["side"];
    const refused =
      side === undefined
        ? "it drifted, and nobody said which side is right"
        : side === "live"
          ? compared.unwritable
          : (whatLacks(compared) ?? compared.unkeepable);
    drift.push({ address: group.address, id: group.id, differences, ...(side !== undefined && { side }) });
    if (refused !== undefined) {
      const own = rules.get(group.id) ?? [];
      left.push(
        { address: group.address, reason: refused, isOthers: false },
        ...own.map(({ address }) => ({
          address,
          reason: `its group ${group.address} drifted`,
          isOthers: false,
        })),
      );
      rules.delete(group.id);
    } else if (side === "live") {
      const live = compared.live();
      groups.push(live.group);
      rules.set(group.id, live.rules);
      left.push(...live.left);
    } else {
      groups.push(known);
      left.push(...compared.byHand);
    }
  }
  return { estate: { ...estate, groups, rules: [...rules.values()].flat() }, drift, left, unlisted };
}

/** Why what AWS lacks of a group keeps it from being taken over as its configuration has it; undefined where it lacks nothing. */
function whatLacks({ gone, partial }: Compared): string | undefined {
  if (gone === 0) return undefined;
  const lacks = `AWS lacks ${plural(gone, "rule")} of it, and an adoption creates nothing`;
  return partial === undefined
    ? `${lacks}: apply today's configuration first, which makes ${gone === 1 ? "it" : "them"} again`
    : `${lacks}. AWS has the other sources of ${partial}, so that it refuses to make them all again (InvalidPermission.Duplicate): add what is gone by \`aws ec2 authorize-security-group-…\`, or accept drift=live`;
}

/** Differences that a question names; the rest stands in the output. */
const NAMED = 3;

function questionAbout({ id, name }: FoundGroup, differences: readonly string[]): Question {
  const more = differences.length > NAMED ? `; and ${differences.length - NAMED} more` : "";
  return {
    topic: "drift",
    about: id,
    words: `${name} drifted: ${differences.slice(0, NAMED).join("; ")}${more}. Which side is right?`,
    choices: [
      { value: "live", words: "live", reason: "what AWS has is written" },
      { value: "configuration", words: "configuration", reason: "what Terraform knows is written" },
    ],
    otherwise: "the group is left",
  };
}

/** The tags that AWS gives tell who manages a group; the provider leaves them out of a state. */
function withLiveTags(group: FoundGroup, { groups }: Listings): FoundGroup {
  const tags = Object.entries(groups?.get(group.id)?.tags ?? {}).filter(([key]) => isOfAws(key));
  return tags.length === 0 ? group : { ...group, tags: { ...group.tags, ...Object.fromEntries(tags) } };
}
