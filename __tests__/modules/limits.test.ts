import { describe, expect, test } from "vitest";
import { COMMITTED_MODULE_NAMES, COMMITTED_MODULES } from "../../modules/registry";
import type { AnyModuleContract } from "../../synth/contract";
import { type Configuration, committedStack } from "../support/project";

/*
 * What AWS allows, against the longest texts that a module can make: with the longest value that each variable accepts.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
 */
const LONGEST = { name: 255, description: 255, tagKey: 128, tagValue: 256 };

/** Keys of maps stand in addresses and descriptions: at most so many characters. */
const LONGEST_KEY = "k".repeat(32);
/** The longest text that a variable accepts, of what its contract says to be accepted. */
function longestOf({ variables }: AnyModuleContract, name: string): string {
  const {
    accepted = {},
    default: fallback,
    example,
  } = variables[name] as AnyModuleContract["variables"][string];
  const texts = [...Object.values(accepted), fallback, example].filter((one) => typeof one === "string");
  return texts.reduce((longest, text) => (text.length > longest.length ? text : longest), "");
}

/** A text of a configuration with what stands for each reference; one that is not known is an error. */
function filled(text: string, configuration: Configuration, variable: (name: string) => string): string {
  return text.replace(/\$\{([^}]*)\}/g, (_, reference: string) => {
    if (reference === "each.key") return LONGEST_KEY;
    // The caller's own words, as they are.
    if (reference.startsWith("each.value.")) return "";
    const local = /^local\.(\w+)$/.exec(reference)?.[1];
    // The caller's name of a group, or the module's.
    if (local !== undefined) return filled(groupNameOf(configuration, local), configuration, variable);
    const [, name] = /^var\.(\w+)$/.exec(reference) ?? [];
    if (name !== undefined) return variable(name);
    const [, group = ""] = /^aws_security_group\.(\w+)\.name$/.exec(reference) ?? [];
    const named = configuration.resource["aws_security_group"]?.[group]?.["name"];
    if (typeof named !== "string") throw new Error(`what is \${${reference}}?`);
    return filled(named, configuration, variable);
  });
}

/** The longer of the names that a group may have, by its local: the module's is always. */
function groupNameOf({ locals }: Configuration, local: string): string {
  const [, own] = /^\$\{var\.\w+ == null \? "(.*)" : var\.\w+\}$/.exec(String(locals[local])) ?? [];
  if (own === undefined) throw new Error(`what is local.${local}?`);
  return own;
}

/** Of a description that the caller may replace, the module's. */
function modulesOwn(description: unknown): unknown {
  const [, own] = /^\$\{lookup\(local\.descriptions, "[^"]*", "(.*)"\)\}$/.exec(String(description)) ?? [];
  return own ?? description;
}

/** The tags that a resource has of its own: what the caller gives has the limits of its variables. */
function ownTags(tags: unknown): Record<string, string> {
  const pairs =
    typeof tags === "string" ? tags.matchAll(/"?(Name|kubernetes[^"]*)"? = "((?:[^"$]|\$\{[^}]*\})*)"/g) : [];
  return Object.fromEntries([...pairs].map(([, key = "", value = ""]) => [key, value]));
}

/** What of a module is too long with these values, by the resource's address. */
function tooLong(
  module: (typeof COMMITTED_MODULE_NAMES)[number],
  variable: (name: string) => string,
): string[] {
  const configuration = committedStack(module);
  const length = (text: unknown) => filled(text as string, configuration, variable).length;
  return Object.entries(configuration.resource).flatMap(([type, resources]) =>
    Object.entries(resources).flatMap(([name, { name: named, description, tags }]) => {
      const lengths: [what: string, length: number, limit: number][] = [
        ...(named === undefined || !type.startsWith("aws_")
          ? []
          : [["name", length(named), LONGEST.name] as const]),
        ...(description === undefined
          ? []
          : [["description", length(modulesOwn(description)), LONGEST.description] as const]),
        ...Object.entries(ownTags(tags)).flatMap(
          ([key, value]) =>
            [
              [`tag ${key}`, length(key), LONGEST.tagKey],
              [`tag ${key} is`, length(value), LONGEST.tagValue],
            ] as const,
        ),
      ].map((entry) => [...entry]);
      return lengths.filter(([, is, limit]) => is > limit).map(([what]) => `${type}.${name}: ${what}`);
    }),
  );
}

describe.each(COMMITTED_MODULE_NAMES)("%s", (module) => {
  const { contract } = COMMITTED_MODULES[module];

  test("makes nothing longer than AWS allows of the longest values that it accepts", () => {
    expect(tooLong(module, (name) => longestOf(contract, name))).toStrictEqual([]);
  });
});

test("rds-mysql accepts the longest name that AWS does: with one character more a description is too long", () => {
  const { contract } = COMMITTED_MODULES["rds-mysql"];
  const oneMore = (name: string) => `${longestOf(contract, name)}${name === "name" ? "n" : ""}`;
  expect(tooLong("rds-mysql", oneMore)).toStrictEqual([
    "aws_security_group_rule.worker_ingress_dns_tcp_from_pods_security_group: description",
    "aws_security_group_rule.worker_ingress_dns_udp_from_pods_security_group: description",
  ]);
});
