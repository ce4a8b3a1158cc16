import {
  boolYaml11Tag,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  FAILSAFE_SCHEMA,
  loadAll,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  nullYaml11Tag,
  Schema,
  seqTag,
} from "js-yaml";

/*
 * YAML as Kubernetes reads it (sigs.k8s.io/yaml): `on`, `y` and `no` are booleans, 0777 is octal, underscores in numbers stand
 * for nothing, and a tag of one's own changes nothing. The tests hold what `kubectl` makes of each. Terraform's yamldecode
 * has other numbers (`yaml.ts`), and that parser takes four times as long.
 */

/** Integers as Go reads them where no base is given. */
const INTEGER = /^[-+]?(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9]\d*)$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

function numberOf(source: string): number | typeof NOT_RESOLVED {
  // Most plain text that begins with a digit is none, such as an address.
  if (!/^[-+.\d][-+.\w]*$/.test(source) || source.startsWith("._")) return NOT_RESOLVED;
  const digits = source.replaceAll("_", "");
  if (INTEGER.test(digits)) {
    // JavaScript has no octal by a zero alone, and no sign before a base.
    const unsigned = Number(digits.replace(/^[-+]/, "").replace(/^0(?=[0-7])/, "0o"));
    return digits.startsWith("-") ? 0 - unsigned : unsigned;
  }
  return FLOAT.test(digits) ? Number(digits) : NOT_RESOLVED;
}

/** A tag by which a plain number, or one that is said to be one, is read. */
function numberTag(name: string) {
  return defineScalarTag(`tag:yaml.org,2002:${name}`, {
    implicit: true,
    implicitFirstChars: [..."0123456789+-."],
    resolve: numberOf,
    identify: () => false,
  });
}

/** Tags that are not known: what has one is what it is without. */
const OTHER_TAGS = ["!", "tag:"].flatMap((prefix) => [
  defineScalarTag(prefix, {
    matchByTagPrefix: true,
    resolve: (source) => source,
    identify: () => false,
  }),
  defineSequenceTag(prefix, { ...seqTag, matchByTagPrefix: true }),
  defineMappingTag(prefix, { ...mapTag, matchByTagPrefix: true }),
]);

const SCHEMA = new Schema([
  ...FAILSAFE_SCHEMA.tags,
  nullYaml11Tag,
  boolYaml11Tag,
  numberTag("int"),
  numberTag("float"),
  mergeTag,
  ...OTHER_TAGS,
]);

/** How many values a text may hold with its aliases written out: more, of a text of few lines, would fill the memory. */
const MOST = 200_000;

/**
 * The documents of a YAML text that is for Kubernetes, as JSON has them; undefined where it is none, or where a key stands
 * twice, which Kubernetes rejects when it is applied. One without content is null. Keys are text.
 */
export function kubernetesDocuments(text: string): unknown[] | undefined {
  try {
    const documents = loadAll(text, { schema: SCHEMA, maxDepth: 1000 });
    if (text.includes("*") && valuesIn(documents) > MOST) return undefined;
    return documents;
  } catch {
    // Not only its own errors: an alias that merges what it is in overflows the stack.
    return undefined;
  }
}

/** How many values are in one, with its aliases written out. What holds itself has no end. */
function valuesIn(value: unknown, known = new Map<unknown, number>()): number {
  if (typeof value !== "object" || value === null) return 1;
  const before = known.get(value);
  if (before !== undefined) return before;
  known.set(value, Number.POSITIVE_INFINITY);
  const count = Object.values(value).reduce((sum: number, item) => sum + valuesIn(item, known), 1);
  known.set(value, count);
  return count;
}
