import {
  type AddOnKey,
  type AddOnKeys,
  VPC_CNI_CONFIGURATION as KEYS,
  VPC_CNI_SCHEMA_VERSION,
} from "../../aws/vpc-cni-addon";
import { Unknown, type Value } from "../../expression/value";
import { given } from "../../io/errors";
import { cniSources } from "../inventory/cluster/cni";
import { isObject } from "../inventory/values";
import type { Check, Observation } from "./check";

export const check: Check = {
  id: "cni-values-refused",
  severity: "error",
  title: "The CNI add-on rejects its configuration",
  why: `During apply, EKS validates configuration_values against the schema of the version of the add-on, and rejects keys that the schema does not have, at every level, and values of another type. AWS publishes the schema of ${VPC_CNI_SCHEMA_VERSION}, and later versions added keys. A warning for a key that is neither known here nor similar to one that is: a later version may have it; \`aws eks describe-addon-configuration\` shows the schema.`,
  reference: "https://docs.aws.amazon.com/cli/latest/reference/eks/describe-addon-configuration.html",
  run: ({ inventory }) =>
    cniSources(inventory)
      .filter(({ kind }) => kind === "add-on")
      .flatMap(({ address, source, values = {}, version }): Observation[] => {
        if (values === null) {
          const message = `${address}: configuration_values is not a map, neither as JSON nor as YAML. Write it with jsonencode({ … }).`;
          return [{ address, source, about: ["not a map"], message }];
        }
        const problems = problemsIn(values, KEYS, []);
        if (problems.length === 0) return [];
        const isCertain = problems.some(({ mayBeLater }) => !mayBeLater) || isPublished(version);
        const about = problems.map(({ path, what }) => `${path} ${what}`);
        const message = `${address}: ${about.join("; ")}. EKS rejects keys that the schema of the add-on version does not have.`;
        return [{ address, source, about, message, severity: isCertain ? "error" : "warning" }];
      }),
};

interface Problem {
  readonly path: string;
  readonly what: string;
  /** Whether a later version may take it. */
  readonly mayBeLater?: boolean;
}

function problemsIn(value: Value, key: AddOnKey, path: readonly string[]): Problem[] {
  if (value instanceof Unknown || value === null || key === "anything") return [];
  const where = path.join(".");
  if (key === "text") {
    // Of numbers and booleans, `cni-value-not-a-string` speaks.
    return typeof value === "object" ? [{ path: where, what: "must be a string" }] : [];
  }
  if (key === "number") {
    return typeof value === "number" ? [] : [{ path: where, what: `must be a number (${given(value)})` }];
  }
  if (!isObject(value)) {
    return [{ path: where, what: `must be a map with keys such as ${Object.keys(key)[0]}` }];
  }
  return Object.entries(value).flatMap(([name, item]) =>
    Object.hasOwn(key, name)
      ? problemsIn(item, key[name] as AddOnKey, [...path, name])
      : unknownKey([...path, name]),
  );
}

function unknownKey(path: readonly string[]): Problem[] {
  const where = path.join(".");
  // Of this one on the wrong container, `tcp-early-demux` speaks.
  if (where === "env.DISABLE_TCP_EARLY_DEMUX") return [];
  const meant = meantBy(path);
  if (meant !== undefined) return [{ path: where, what: `is not a key of the schema: use ${meant}` }];
  if (SCHEMA_WORDS.includes(path.at(-1) as string)) {
    return [
      {
        path: where,
        what: "is a word of the schema, not a configuration key: move what is below it to the top",
      },
    ];
  }
  return [{ path: where, what: "is not a key of the schema as it is known here", mayBeLater: true }];
}

/** Names that people copy from the schema itself. */
const SCHEMA_WORDS = ["VpcCni", "definitions", "properties", "$ref", "$schema", "configurationValues"];

/** Names of parts of the schema, and of variables that a key at the top stands for. */
const ALIASES: Readonly<Record<string, string>> = {
  initenv: "init.env",
  enablenetworkpolicycontroller: "enableNetworkPolicy",
};

const PATHS: readonly (readonly string[])[] = pathsOf(KEYS, []);

function pathsOf(keys: AddOnKeys, path: readonly string[]): (readonly string[])[] {
  return Object.entries(keys).flatMap(([name, key]) => {
    const own = [...path, name];
    return [own, ...(typeof key === "string" ? [] : pathsOf(key, own))];
  });
}

/** The key that is spelled nearly so: at the same level if there is one there, else elsewhere. */
function meantBy(path: readonly string[]): string | undefined {
  const name = path.at(-1) as string;
  const parent = path.slice(0, -1).join(".");
  const alias = Object.hasOwn(ALIASES, plain(name)) ? ALIASES[plain(name)] : undefined;
  if (alias !== undefined) return alias;
  const alike = PATHS.filter((one) => plain(one.at(-1) as string) === plain(name));
  const close =
    alike.length > 0
      ? alike
      : PATHS.filter(
          (one) => one.slice(0, -1).join(".") === parent && isMisspelt(name, one.at(-1) as string),
        );
  const best = close.find((one) => one.slice(0, -1).join(".") === parent) ?? close[0];
  return best?.join(".");
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** Whether two long names differ in one letter: one that is missing, too many or another, or two that are swapped. */
function isMisspelt(name: string, known: string): boolean {
  const [a, b] = [plain(name), plain(known)];
  if (Math.min(a.length, b.length) < 6 || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const [restA, restB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const isSwapped = restA.length === 2 && restB === `${restA[1]}${restA[0]}`;
  return isSwapped || Math.max(restA.length, restB.length) <= 1;
}

/** Whether a version is not later than the one whose schema is published. */
function isPublished(version: string | undefined): boolean {
  const numbers = (text: string) => /^v?(\d+)\.(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number);
  const own = version === undefined ? undefined : numbers(version);
  if (own === undefined) return false;
  const published = numbers(VPC_CNI_SCHEMA_VERSION) as number[];
  const index = own.findIndex((number, at) => number !== published[at]);
  return index < 0 || (own[index] as number) < (published[index] as number);
}
