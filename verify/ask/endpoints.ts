import { wordsOf } from "../../expression/resource-reference";
import { canonicalCidr } from "../../network/cidr";
import type { Endpoint } from "../expect/model";
import { Endpoints } from "../expect/stated/endpoints";
import type { Inventory, SecurityGroupRule } from "../inventory/model";
import type { Party } from "../needs/model";

/** The endpoints of a file that is being written, by names that are each taken once. */
export class WrittenEndpoints {
  /** Names by group key or CIDR: of all groups that are declared, and of what else the rules speak of. */
  private readonly names = new Map<string, string>(Object.entries(INTERNET));
  /** Groups that are on one interface together, by their names. */
  private readonly sets = new Map<string, readonly string[]>();
  private readonly taken = new Set<string>(this.names.values());
  private readonly spokenOf: ReadonlySet<string>;
  private readonly meanings = new Map<string, Endpoint | undefined>();

  constructor(private readonly inventory: Inventory) {
    const { groups, rules } = inventory;
    const declared = [...groups.values()].flatMap(({ key, declaredAt }) => (declaredAt ? [key] : []));
    const parties = rules.flatMap(({ group, peer }) => [group ?? [], partyOf(peer) ?? []].flat());
    this.spokenOf = new Set([...declared, ...parties]);
    for (const key of [...this.spokenOf].sort()) this.nameOf(key);
  }

  /** What an endpoint is called, and what the next run reads in it: nothing where it finds no group at its place. */
  of(key: string): { readonly name: string; readonly endpoint: Endpoint } | undefined {
    const name = this.nameOf(key);
    const endpoint = this.meaning(
      name,
      isCidr(key) ? { groups: [], cidrs: [key] } : { groups: [key], cidrs: [] },
    );
    return endpoint && { name, endpoint };
  }

  /** The same for an end of what is needed: several groups are an endpoint of their own. */
  ofParty(party: Party): ReturnType<WrittenEndpoints["of"]> {
    if ("cidr" in party) return this.of(party.cidr);
    const [only, ...more] = party.groups;
    if (only === undefined) return undefined;
    if (more.length === 0) return this.of(only);
    const groups = [...party.groups].sort();
    const known = [...this.sets].find(([, all]) => all.join(" ") === groups.join(" "));
    const name = known?.[0] ?? this.freeName(identifier(party.name ?? "pods"));
    this.sets.set(name, groups);
    const endpoint = this.meaning(name, { groups, cidrs: [] });
    return endpoint && { name, endpoint };
  }

  /** All groups that may be on an end, as an endpoint that is not written. */
  widest(party: Party): Endpoint | undefined {
    if ("cidr" in party) return this.of(party.cidr)?.endpoint;
    return this.meaning(`${[...party.mayCarry].sort().join(" ")}`, { groups: party.mayCarry, cidrs: [] });
  }

  /** The endpoints of the file; `internet` needs no declaration. */
  written(): Record<string, string | { readonly groups: readonly string[] }> {
    const single = [...this.names].filter(([, name]) => name !== INTERNET["0.0.0.0/0"]);
    const said = single.filter(([key]) => !(key in INTERNET) || this.spokenOf.has(key));
    return Object.fromEntries([
      ...said.map(([key, name]) => [name, key] as const),
      ...[...this.sets].map(([name, groups]) => [name, { groups }] as const),
    ]);
  }

  /** A name that nothing else has. */
  private freeName(base: string): string {
    let name = base;
    for (let number = 2; this.taken.has(name); number += 1) name = `${base}-${number}`;
    this.taken.add(name);
    return name;
  }

  private nameOf(key: string): string {
    const name = this.names.get(key) ?? this.freeName(baseName(key));
    this.names.set(key, name);
    return name;
  }

  private meaning(
    name: string,
    spec: { readonly groups: readonly string[]; readonly cidrs: readonly string[] },
  ): Endpoint | undefined {
    if (name === INTERNET["0.0.0.0/0"]) return this.read(name, {});
    if (!this.meanings.has(name)) this.meanings.set(name, this.read(name, { [name]: spec }));
    return this.meanings.get(name);
  }

  private read(name: string, specs: ConstructorParameters<typeof Endpoints>[0]): Endpoint | undefined {
    const endpoints = new Endpoints(specs, "flows.yaml", this.inventory, "", undefined, []);
    const meaning = endpoints.meaning(name, undefined);
    return "value" in meaning ? meaning.value : undefined;
  }
}

/** All addresses of a family. */
const INTERNET = { "0.0.0.0/0": "internet", "::/0": "internet-ipv6" } as const;

/**
 * `net-10-0-0-0-8` for a CIDR; of a group the last word of its address or expression that says something:
 * `module.a.aws_security_group.pods[0]` is `pods`, and `module.a.aws_security_group.this[0]` is `a`.
 */
function baseName(key: string): string {
  if (isCidr(key)) return `net-${key.replace(/[^0-9a-f]+/g, "-")}`;
  const words = (wordsOf(key) ?? [key]).filter((word) => word !== "id" && !/^\d+$/.test(word));
  const [module, type, name] = words.slice(-3);
  const isOfModule = type === "aws_security_group" && /^this(_|$)/.test(name ?? "");
  return identifier((isOfModule ? module : words.at(-1)) ?? "");
}

function identifier(words: string): string {
  const name = words.match(/[A-Za-z0-9_-]+/g)?.at(-1) ?? "endpoint";
  return /^[A-Za-z]/.test(name) ? name : `g-${name}`;
}

function isCidr(key: string): boolean {
  return canonicalCidr(key) !== undefined;
}

/** The group or the addresses on the other side of a rule. */
export function partyOf(peer: SecurityGroupRule["peer"]): string | undefined {
  return peer.kind === "group" ? peer.group : peer.kind === "cidr" ? peer.cidr : undefined;
}
