import { Unknown, type Value } from "../../../expression/value";
import { field } from "../../../expression/values";

/** What annotations say: a text, or what is not known. */
export type Annotation = string | Unknown | undefined;

/** An annotation; one that is null is none. */
export function annotation(annotations: Value, key: string): Annotation {
  const value = field(annotations, key) ?? undefined;
  return value === undefined || typeof value === "string" || value instanceof Unknown ? value : String(value);
}

/** Whether an annotation is on: `true` in the spellings that the controller knows; undefined where it is not known. */
export function isOn(value: Annotation, byDefault: boolean | undefined): boolean | undefined {
  if (value === undefined) return byDefault;
  if (value instanceof Unknown) return undefined;
  return ["1", "t", "T", "TRUE", "true", "True"].includes(value);
}

/** The items of a list that is joined with commas: each a text or a value that is not known. */
export function items(value: string | Unknown): readonly (string | Unknown)[] {
  const parts = typeof value === "string" ? [value] : (value.parts ?? [value]);
  const found: (string | Unknown)[][] = [[]];
  for (const part of parts) {
    const pieces = typeof part === "string" ? part.split(",") : [part];
    pieces.forEach((piece, index) => {
      if (index > 0) found.push([]);
      const own = typeof piece === "string" ? piece.trim() : piece;
      if (own !== "") found.at(-1)?.push(own);
    });
  }
  return found.flatMap((pieces) => {
    const [only] = pieces;
    if (only === undefined || pieces.length === 1) return pieces;
    // Text beside a value that is not known.
    return [
      new Unknown(pieces.map((one) => (typeof one === "string" ? one : `\${${one.expression}}`)).join("")),
    ];
  });
}

/** The pairs of a map that is written `a=b,c=d`; undefined where it is not known. */
export function pairs(value: Annotation): ReadonlyMap<string, string> | undefined {
  if (value instanceof Unknown) return undefined;
  return new Map(
    (value ?? "").split(",").flatMap((one): [string, string][] => {
      const [key = "", ...rest] = one.split("=");
      return rest.length === 0 ? [] : [[key.trim(), rest.join("=").trim()]];
    }),
  );
}
