import { quote } from "./hcl";
import { parseExpression } from "./parse";

/** What tells an instance from its siblings: a key of `for_each`, or a number of `count`. */
export type InstanceKey = string | number;

/** A call of a module, in one instance where it has a key. */
export interface ModuleCall {
  readonly name: string;
  readonly key?: InstanceKey;
}

/** The address of a module or of a resource, absolute: `module.a["b"].aws_security_group.pods[0]`. */
export interface Address {
  /** From the root down; none for the root itself. */
  readonly calls: readonly ModuleCall[];
  /** Absent in the address of a module. */
  readonly resource?: {
    readonly mode: "managed" | "data";
    readonly type: string;
    readonly name: string;
    readonly key?: InstanceKey;
  };
}

const NAME = String.raw`[\p{ID_Start}_][\p{ID_Continue}-]*`;
const KEY = String.raw`\[(\d+|"(?:[^"\\]|\\.)*")\]`;
const CALL = new RegExp(String.raw`module\.(${NAME})(?:${KEY})?(?:\.|$)`, "uy");
const RESOURCE = new RegExp(String.raw`(data\.)?(${NAME})\.(${NAME})(?:${KEY})?$`, "uy");
const KEYS = new RegExp(KEY, "gu");
const LAST_KEY = new RegExp(`${KEY}$`, "u");

/** An address taken apart; undefined for what is none, such as an expression with an attribute. */
export function parseAddress(text: string): Address | undefined {
  const { calls, end } = callsOf(text);
  if (end === text.length && !text.endsWith(".")) return { calls };
  RESOURCE.lastIndex = end;
  const match = RESOURCE.exec(text);
  if (match === null) return undefined;
  const [, data, type = "", name = "", key] = match;
  return { calls, resource: { mode: data ? "data" : "managed", type, name, ...keyOf(key) } };
}

/** An address as Terraform writes it. */
export function formatAddress({ calls, resource }: Address): string {
  const parts = calls.map(({ name, key }) => withKey(`module.${name}`, key));
  if (resource) {
    const { mode, type, name, key } = resource;
    parts.push(withKey(`${mode === "data" ? "data." : ""}${type}.${name}`, key));
  }
  return parts.join(".");
}

/** The address of the module that an address or an absolute expression is in; "" for the root. */
export function moduleOf(text: string): string {
  const { end } = callsOf(text);
  return text.slice(0, end).replace(/\.$/, "");
}

/** The address of the module in which a module is called. */
export function callerOf(module: string): string {
  return formatAddress({ calls: callsOf(module).calls.slice(0, -1) });
}

/** An absolute address or expression as it is written inside a module; as it is where it leads elsewhere. */
export function relativeTo(module: string, text: string): string {
  return isIn(module, text) ? text.slice(module.length + 1) : text;
}

/** Whether an expression is another one, or leads to a part of it. */
export function isPartOf(whole: string, text: string): boolean {
  return text.startsWith(whole) && ["", ".", "["].includes(text.charAt(whole.length));
}

/** What somebody wrote about a module, as an absolute address or expression: it may be one already. */
export function absoluteFor(module: string, text: string): string {
  return isIn(module, text) ? text : absoluteIn(module, text);
}

function isIn(module: string, text: string): boolean {
  return module !== "" && text.startsWith(`${module}.`);
}

/** What is written inside a module, as an absolute address or expression. */
export function absoluteIn(module: string, text: string): string {
  return module === "" ? text : `${module}.${text}`;
}

/** An address with the key of an instance. */
export function withKey(address: string, key: InstanceKey | undefined): string {
  if (key === undefined) return address;
  return `${address}[${typeof key === "number" ? key : quote(key)}]`;
}

/** An address without the keys of instances: as configuration has it. */
export function withoutKeys(address: string): string {
  return address.replace(KEYS, "");
}

/** An address without the key at its end: that of all instances. */
export function withoutLastKey(address: string): string {
  return address.replace(LAST_KEY, "");
}

/** The keys in an address, each with the address up to it: of all instances that it is one of. */
export function keysIn(address: string): { readonly of: string; readonly key: InstanceKey }[] {
  return [...address.matchAll(KEYS)].map((match) => ({
    of: address.slice(0, match.index),
    key: keyOf(match[1]).key as InstanceKey,
  }));
}

/** The calls of modules that a text starts with, and where they end. */
function callsOf(text: string): { calls: ModuleCall[]; end: number } {
  const calls: ModuleCall[] = [];
  let end = 0;
  for (;;) {
    CALL.lastIndex = end;
    const match = CALL.exec(text);
    if (match === null) return { calls, end };
    const [whole, name = "", key] = match;
    calls.push({ name, ...keyOf(key) });
    end += whole.length;
  }
}

function keyOf(written: string | undefined): { key?: InstanceKey } {
  if (written === undefined) return {};
  const parsed = parseExpression(written);
  // A key with an expression in it is no key of an instance; it is kept as it is written.
  return { key: parsed.kind === "literal" ? (parsed.value as InstanceKey) : written };
}
