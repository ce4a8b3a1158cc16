import { Unknown, type Value } from "../../../expression/value";
import { isKnown, isList, isObject, text, toText, type ValueObject } from "../../../expression/values";
import { perfectMatchings } from "./assignment";
import { withAbsent } from "./normalized";
import { UNCERTAIN } from "./uncertain-block";

/**
 * What the plan knows, with what the configuration names in the place of what it does not.
 *
 * @param type of the resource that the values are of
 */
export function joined(type: string, planned: Value, configured: Value): Value {
  if (planned instanceof Unknown) return configured;
  if (configured instanceof Unknown || isKnown(planned)) return planned;
  if (isObject(planned) && isObject(configured)) return joinedBlock(type, planned, [configured]);
  if (!isList(planned) || !isList(configured)) return planned;
  return planned.every(isObject) ? joinedBlocks(type, planned, configured) : configured;
}

/**
 * Plans order the blocks of a set in their own way, so a block takes from the configuration what it has in every way
 * to find all blocks there. What differs between these stays as unknown as it is in the plan.
 */
function joinedBlocks(
  type: string,
  planned: readonly ValueObject[],
  written: readonly Value[],
): readonly Value[] {
  const complete = (block: Value) => (isObject(block) ? withAbsent(type, block) : block);
  const ours = planned.map(complete);
  const theirs = counted(written.map(complete), planned.length);
  if (theirs === undefined) return planned;
  const exchanges = perfectMatchings(planned.length, (one, other) =>
    mayBe(ours[one] as Value, theirs[other] as Value),
  );
  const blocks: Value[] = [...planned];
  for (const { planned: positions, one, choices } of exchanges ?? []) {
    // Blocks of which the plan knows the same are one as good as the other.
    const areAlike = new Set(positions.map((position) => knownText(planned[position] as Value))).size === 1;
    for (const [index, position] of positions.entries()) {
      const taken = areAlike ? [one[index] as number] : (choices[index] as readonly number[]);
      const candidates = taken.map((choice) => theirs[choice] as Value);
      if (candidates.every(isObject)) {
        blocks[position] = joinedBlock(type, planned[position] as ValueObject, candidates);
      }
    }
  }
  return blocks;
}

/**
 * The configured blocks in the number of the planned ones. Equal ones are one, and a `dynamic` block whose number is
 * not known made what is missing. Undefined where the numbers differ.
 */
function counted(configured: readonly Value[], length: number): readonly Value[] | undefined {
  const isUncertain = (block: Value) => isObject(block) && block[UNCERTAIN] === true;
  const uncertain = configured.filter(isUncertain);
  const certain = configured.filter((block) => !isUncertain(block));
  const [dynamic] = uncertain;
  if (dynamic !== undefined) {
    const missing = length - certain.length;
    return uncertain.length === 1 && missing >= 0
      ? [...certain, ...Array.from({ length: missing }, () => dynamic)]
      : undefined;
  }
  if (certain.length === length) return certain;
  const distinct = [...new Map(certain.map((block) => [text(block), block])).values()];
  return distinct.length === length ? distinct : undefined;
}

/** A planned block with what all configured blocks that it may be agree on. */
function joinedBlock(type: string, planned: ValueObject, candidates: readonly ValueObject[]): Value {
  const entries = Object.entries(planned).flatMap(([name, value]): [string, Value][] => {
    const results = candidates.map((configured) =>
      configured[name] === undefined
        ? isKnown(value)
          ? value
          : undefined
        : joined(type, value, configured[name]),
    );
    const [first] = results;
    const agree = results.every((result) => shown(result) === shown(first));
    if (!agree) return [[name, value]];
    return first === undefined ? [] : [[name, first]];
  });
  return Object.fromEntries(entries);
}

function shown(value: Value | undefined): string {
  return value === undefined ? "" : text(value);
}

/** A value as text, in which all that is unknown is alike. */
function knownText(value: Value): string {
  if (value instanceof Unknown) return "?";
  if (isList(value)) return `[${value.map(knownText).join()}]`;
  if (!isObject(value)) return text(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${text(name)}:${knownText(value[name] as Value)}`).join()}}`;
}

/** Whether a planned value may be what a configured one became. */
function mayBe(planned: Value, configured: Value): boolean {
  if (isObject(planned) && isObject(configured)) {
    return Object.entries(configured).every(
      ([name, value]) => name === UNCERTAIN || mayBe(planned[name] ?? null, value),
    );
  }
  // What Terraform does not know before apply, the configuration does not determine.
  if (isKnown(configured) && !isKnown(planned)) return false;
  if (planned instanceof Unknown || configured instanceof Unknown) return true;
  if (isList(planned) && isList(configured)) return haveInCommon(planned, configured);
  return (toText(planned) ?? text(planned)) === (toText(configured) ?? text(configured));
}

/** Whether two lists may be one set: each has all that is known of the other, or something unknown in its place. */
function haveInCommon(planned: readonly Value[], configured: readonly Value[]): boolean {
  return (
    configured.every((one) => planned.some((other) => mayBe(other, one))) &&
    planned.every((one) => configured.some((other) => mayBe(one, other)))
  );
}
