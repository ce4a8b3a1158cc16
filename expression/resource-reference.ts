import { parsedOrNothing } from "./references";
import type { Expression } from "./syntax";

/** What follows a resource in a reference: a name behind a dot, a key in brackets, or `[*]`, all of its parts. */
export type Step = { readonly name: string } | { readonly key: Expression } | { readonly isSplat: true };

/**
 * A reference to a resource or a data source, or to a part of one, as it is written: inside its module, or absolute. Its
 * texts are those of the reference, whatever the keys are: `aws_security_group.pods[each.key].id`.
 */
export interface ResourceReference {
  /** The address of the module that it leads into; "" where it is written inside of it. */
  readonly module: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  /** The address, of one instance where a key is given. */
  readonly address: string;
  /** The address without that key: of all instances. */
  readonly all: string;
  readonly rest: readonly Step[];
}

/** What is no resource, though a name follows it. */
const OTHERS = ["count", "each", "ephemeral", "local", "module", "path", "self", "terraform", "var"];

/**
 * Takes a reference apart; undefined where it leads to no resource. In `module.a.b.c` an output and a resource of type
 * `b` look alike: it is taken for a resource, as in an address.
 */
export function resourceReference(expression: string): ResourceReference | undefined {
  const text = expression.trim();
  const chain = chainOf(parsedOrNothing(text), text);
  if (chain === undefined) return undefined;
  let at = 0;
  let module = "";
  while (nameAt(chain, at) === "module" && nameAt(chain, at + 1) !== undefined && at + 2 < chain.length) {
    at += isKey(chain[at + 2]) ? 3 : 2;
    module = text.slice(0, chain[at - 1]?.end);
  }
  const isData = nameAt(chain, at) === "data";
  if (isData) at += 1;
  const [type, name, key] = [nameAt(chain, at), nameAt(chain, at + 1), chain[at + 2]];
  if (type === undefined || name === undefined || (!isData && OTHERS.includes(type))) return undefined;
  const last = at + (isKey(key) ? 2 : 1);
  return {
    module,
    mode: isData ? "data" : "managed",
    type,
    name,
    address: text.slice(0, chain[last]?.end),
    all: text.slice(0, chain[at + 1]?.end),
    rest: chain.slice(last + 1).map(({ step }) => step),
  };
}

/** Whether a reference ends with one attribute of the resource: `aws_security_group.pods.id`. */
export function isAttribute({ rest }: Pick<ResourceReference, "rest">, name: string): boolean {
  const [only, ...more] = rest;
  return only !== undefined && "name" in only && only.name === name && more.length === 0;
}

/** A reference without the attribute at its end, and that attribute; undefined for what ends otherwise. */
export function lastAttribute(
  expression: string,
): { readonly of: string; readonly name: string } | undefined {
  const text = expression.trim();
  const chain = chainOf(parsedOrNothing(text), text);
  const [before, last] = chain?.slice(-2) ?? [];
  if (before?.end === undefined || last === undefined || !("name" in last.step)) return undefined;
  return { of: text.slice(0, before.end), name: last.step.name };
}

/** The names and the written keys of a reference, in their order; undefined for what is no reference. */
export function wordsOf(expression: string): string[] | undefined {
  const text = expression.trim();
  return chainOf(parsedOrNothing(text), text)?.flatMap(({ step }) => {
    if ("name" in step) return [step.name];
    return "key" in step && step.key.kind === "literal" ? [String(step.key.value)] : [];
  });
}

/** A step, and where it ends in the text; undefined behind a splat. */
interface Link {
  readonly step: Step;
  readonly end: number | undefined;
}

/** The steps of a reference from its first name on; undefined for anything else, and for one in parentheses. */
function chainOf(expression: Expression | undefined, text: string): Link[] | undefined {
  switch (expression?.kind) {
    case "name": {
      const { name, end } = expression;
      return end === name.length && text.startsWith(name) ? [{ step: { name }, end }] : undefined;
    }
    case "step": {
      const { of, key, isIndex, end } = expression;
      const step = !isIndex && key.kind === "literal" ? { name: String(key.value) } : { key };
      const before = chainOf(of, text);
      return before && [...before, { step, end }];
    }
    case "splat": {
      const before = chainOf(expression.of, text);
      const parts = expression.keys.map((part): Link => {
        const step =
          typeof part === "string" ? { name: part } : { key: { kind: "literal" as const, value: part } };
        return { step, end: undefined };
      });
      return before && [...before, { step: { isSplat: true }, end: undefined }, ...parts];
    }
    default:
      return undefined;
  }
}

function nameAt(chain: readonly Link[], index: number): string | undefined {
  const step = chain[index]?.step;
  return step && "name" in step ? step.name : undefined;
}

function isKey(link: Link | undefined): boolean {
  return link !== undefined && "key" in link.step;
}
