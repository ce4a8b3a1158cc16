import { subnetOf } from "../cidr";
import type { Value } from "../value";
import { expanded, isList, toNumber, toText } from "../values";
import { json } from "./encodings";
import { REFUSED, type TerraformFunction } from "./function";

/** A function of texts alone: nothing where one of them is not known, and Terraform refuses null. */
const onTexts =
  (of: (...texts: string[]) => ReturnType<TerraformFunction>): TerraformFunction =>
  (args) => {
    if (args.includes(null)) return REFUSED;
    const texts = args.map(toText);
    return texts.every((item) => item !== undefined) ? of(...texts) : undefined;
  };

export const TEXT_FUNCTIONS: readonly (readonly [string, TerraformFunction])[] = [
  ["format", formatted],
  ["join", joined],
  ["split", onTexts((separator, text = "") => (separator === "" ? [...text] : text.split(separator)))],
  ["replace", onTexts(replaced)],
  ["substr", part],
  // Go changes each character for one other: ß stays.
  ["upper", onTexts((text) => [...text].map((one) => sameLength(one, one.toUpperCase())).join(""))],
  ["lower", onTexts((text) => [...text].map((one) => sameLength(one, one.toLowerCase())).join(""))],
  ["trimspace", onTexts((text) => text.trim())],
  [
    "trimprefix",
    onTexts((text, prefix = "") => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
  ],
  [
    "trimsuffix",
    onTexts((text, suffix = "") =>
      text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
    ),
  ],
  ["startswith", onTexts((text, prefix = "") => text.startsWith(prefix))],
  ["endswith", onTexts((text, suffix = "") => text.endsWith(suffix))],
  ["strcontains", onTexts((text, inner = "") => text.includes(inner))],
  ["cidrsubnet", subnet],
];

function sameLength(before: string, after: string): string {
  return [...after].length === 1 ? after : before;
}

/** A pattern between slashes is one of Go's, and not read. */
function replaced(text: string, wanted = "", by = ""): string | undefined {
  return /^\/.*\/$/s.test(wanted) && wanted.length > 1 ? undefined : text.replaceAll(wanted, () => by);
}

function part([value, offset, length]: readonly Value[]): ReturnType<TerraformFunction> {
  const text = toText(value ?? null);
  const from = toNumber(offset ?? null);
  const size = toNumber(length ?? null);
  if (text === undefined || from === undefined || size === undefined) return undefined;
  const characters = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
  const start = from < 0 ? Math.max(0, characters.length + from) : from;
  return characters.slice(start, size < 0 ? undefined : start + size).join("");
}

function formatted([template, ...args]: readonly Value[]): string | undefined {
  if (typeof template !== "string") return undefined;
  let next = 0;
  let isUnknown = false;
  const result = template.replace(/%(%|0?\d*[a-zA-Z]|.?)/g, (_, verb: string) => {
    if (verb === "%") return "%";
    const value = args[next++];
    const shown = value === undefined ? undefined : formattedOne(verb, value);
    isUnknown ||= shown === undefined;
    return shown ?? "";
  });
  return isUnknown || next !== args.length ? undefined : result;
}

function formattedOne(verb: string, value: Value): string | undefined {
  const [, padding, kind] = /^(0?\d*)([sdvq])$/.exec(verb) ?? [];
  if (padding === undefined) return undefined;
  const number = toNumber(value);
  const raw =
    kind === "d"
      ? Number.isInteger(number)
        ? String(number)
        : undefined
      : (toText(value) ?? (kind === "v" ? json(value) : undefined));
  const shown = raw !== undefined && kind === "q" ? JSON.stringify(raw) : raw;
  return shown?.padStart(Number(padding), padding.startsWith("0") ? "0" : " ");
}

function joined([separator, ...lists]: readonly Value[]): string | undefined {
  if (typeof separator !== "string" || !lists.every(isList)) return undefined;
  const texts = lists.flat().map((item) => toText(expanded(item)));
  return texts.every((item) => item !== undefined) ? texts.join(separator) : undefined;
}

function subnet([prefix, newBits, number]: readonly Value[]): ReturnType<TerraformFunction> {
  const bits = toNumber(newBits ?? null);
  const index = toNumber(number ?? null);
  if (typeof prefix !== "string" || bits === undefined || index === undefined) return undefined;
  return subnetOf(prefix, bits, index) ?? REFUSED;
}
