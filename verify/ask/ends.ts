import { isIP } from "node:net";
import { resourceReference } from "../../expression/resource-reference";
import { InputError } from "../../io/errors";
import { groupedBy } from "../../io/lists";
import { nearest } from "../../io/nearest";
import { canonicalCidr } from "../../network/cidr";
import type { GroupKey } from "../../network/peers";
import { endpointsOf, podEndpoint } from "../derive/endpoints";
import { Unjudged } from "../derive/unjudged";
import { groupsOf } from "../derive/workload-groups";
import type { Endpoint } from "../expect/model";
import { Endpoints } from "../expect/stated/endpoints";
import { calledAs } from "../inventory/kubernetes/names";
import { policiesOn } from "../inventory/kubernetes/policies";
import { type Workload, workloads } from "../inventory/kubernetes/workloads";
import type { Role } from "../inventory/model";
import { text } from "../inventory/values";
import type { Estate } from "../needs/model";
import { nodeParties, unknownNodes } from "../needs/nodes";
import type { Meant } from "./model";

/** Something that a word may mean, and all that it is called. */
interface Candidate {
  /** Names that nothing else has. */
  readonly full: readonly string[];
  /** Names that several may have. */
  readonly short: readonly string[];
  /** What is the same has the same. */
  readonly identity: string;
  readonly meant: (words: string) => Meant;
}

const EXAMPLE = "shop/orders, aws_security_group.orders, sg-0a1b2c3d, 10.0.0.0/8, internet or nodes";
/** More of what a word may mean are only counted. */
const MOST_NAMED = 8;

/**
 * What a word of a question means: an endpoint of `flows.yaml`, a workload, what carries groups (such as a database), a group
 * by its address, name or id, addresses, `internet` or `nodes`. A short name that several have in common is an error, but for
 * that of a workload and a group: that the pods of `orders` carry the group `orders` is the rule.
 */
export class Ends {
  private readonly kinds: Readonly<Record<"stated" | "workloads" | "carriers" | "groups", Candidate[]>>;

  constructor(private readonly estate: Estate) {
    this.kinds = {
      stated: this.stated(),
      workloads: this.ofWorkloads(),
      carriers: this.ofAttachments(),
      groups: this.ofGroups(),
    };
  }

  /** @throws InputError where a word means nothing, or several things, or its groups are not known */
  meaning(words: string, side: "from" | "to"): Meant {
    if (words === "internet") return { words, what: "public addresses", endpoints: [this.addresses(words)] };
    if (words === "nodes") return this.nodes(words, "the nodes of the cluster");
    if (isIP(words) !== 0 || canonicalCidr(words) !== undefined) {
      return { words, what: "addresses", endpoints: [this.addresses(words)] };
    }
    const all = Object.values(this.kinds).flat();
    const exact = all.filter(({ full }) => full.includes(words));
    const [first, ...others] = distinct(exact.length > 0 ? exact : this.namesakes(words, side));
    if (first === undefined) throw new InputError([unknown(words, all)]);
    if (others.length > 0) {
      const names = [first, ...others].map(({ full }) => full[0] ?? "");
      throw new InputError([`"${words}" may mean ${listed(names)}: say which`]);
    }
    return first.meant(words);
  }

  private namesakes(words: string, side: "from" | "to"): readonly Candidate[] {
    const of = (kind: keyof typeof this.kinds) =>
      this.kinds[kind].filter(({ short }) => short.includes(words));
    if (of("stated").length > 0) return of("stated");
    if (of("workloads").length === 0) return [...of("carriers"), ...of("groups")];
    // A database may be called as the workload that uses it: what asks others is the workload.
    return side === "from" ? of("workloads") : [...of("workloads"), ...of("carriers")];
  }

  private stated(): Candidate[] {
    return this.estate.flows
      .flatMap(({ from, to }) => [from, to])
      .map((endpoint) => ({
        full: [],
        short: [endpoint.name],
        identity: JSON.stringify([endpoint.groups, endpoint.cidrs]),
        meant: (words) => ({ words, what: "as in flows.yaml", endpoints: [{ ...endpoint, name: words }] }),
      }));
  }

  private ofWorkloads(): Candidate[] {
    return workloads(this.estate.inventory).map((workload) => {
      const { address, namespace, kind, name } = workload;
      const place = typeof namespace === "string" ? `${namespace}/` : "";
      return {
        full: [calledAs(workload), address],
        short: [`${place}${name}`, `${place}${kind}/${name}`, `${kind}/${name}`, name],
        identity: address,
        meant: (words) => this.workload(words, workload),
      };
    });
  }

  private workload(words: string, workload: Workload): Meant {
    const { inventory } = this.estate;
    const notes = new Unjudged();
    const groups = groupsOf(this.estate, workload, notes);
    const [reason] = notes.sentences();
    if (reason !== undefined) throw new InputError([reason]);
    const what = calledAs(workload);
    if (groups.length === 0) {
      return { ...this.nodes(words, `${what}, with the groups of its node`), source: workload.source };
    }
    const policies = policiesOn(inventory, workload).certain.map(({ address }) => address);
    const endpoint = { ...podEndpoint(inventory, workload, groups), name: words };
    return { words, what, source: workload.source, policies, endpoints: [endpoint] };
  }

  /** Everything that carries groups but the pods of policies, which have words of their own. */
  private ofAttachments(): Candidate[] {
    const policies = new Set(this.estate.inventory.policies.map(({ address }) => address));
    return this.estate.inventory.attachments
      .filter(({ address, groups }) => groups.length > 0 && !policies.has(address))
      .map(({ address, role, groups, source }) => ({
        full: [address],
        short: [...lastName(address), role],
        identity: [...groups].sort().join(" "),
        meant: (words) => ({ words, what: address, source, endpoints: [this.groups(words, groups)] }),
      }));
  }

  private ofGroups(): Candidate[] {
    const ids = new Map(
      this.estate.inventory.input.resources.map(({ address, values }) => [address, text(values["id"])]),
    );
    return [...this.estate.inventory.groups.values()].map(({ key, label, name, declaredAt }) => {
      const id = ids.get(key);
      return {
        full: [label, key, ...(id === undefined ? [] : [id])],
        short: [...lastName(key), ...(name === undefined ? [] : [name])],
        identity: key,
        meant: (words) => ({
          words,
          what: label,
          endpoints: [this.groups(words, [key])],
          ...(declaredAt && { source: declaredAt }),
        }),
      };
    });
  }

  private nodes(words: string, what: string): Meant {
    const parties = nodeParties(this.estate);
    if (parties.length === 0) {
      const why = unknownNodes(this.estate.inventory);
      throw new InputError([
        `${words}: which groups the nodes of the cluster carry is not known here${why === undefined ? "" : `, since ${why}`}. Name a group in its place`,
      ]);
    }
    const endpoints = endpointsOf(this.estate, parties, words).map(({ endpoint }) => endpoint);
    return { words, what, endpoints };
  }

  private groups(words: string, groups: readonly GroupKey[]): Endpoint {
    const has = (role: Role) => groups.some((key) => this.estate.inventory.groups.get(key)?.roles.has(role));
    return this.read(words, { groups, cidrs: [], isOnNodes: has("pods") || has("nodes") });
  }

  private addresses(words: string): Endpoint {
    const lengths: Readonly<Record<number, string>> = { 4: "/32", 6: "/128" };
    const cidrs = words === "internet" ? [] : [`${words}${lengths[isIP(words)] ?? ""}`];
    return this.read(words, { groups: [], cidrs, isOnNodes: false });
  }

  /** As `flows.yaml` would mean it. */
  private read(
    words: string,
    spec: {
      readonly groups: readonly string[];
      readonly cidrs: readonly string[];
      readonly isOnNodes: boolean;
    },
  ): Endpoint {
    const name = words === "internet" ? words : "asked";
    const specs = name === words ? {} : { [name]: spec };
    const endpoints = new Endpoints(specs, "", this.estate.inventory, "", undefined, []);
    const meaning = endpoints.meaning(name, undefined);
    if ("value" in meaning) return { ...meaning.value, name: words };
    throw new InputError([`${words}: there is no group and no address of it here`]);
  }
}

/** What is the same may be there several times. */
function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...groupedBy(candidates, ({ identity }) => identity).values()].flatMap(([first]) => first ?? []);
}

/** `orders` of `module.shop.aws_security_group.orders["a"]`. */
function lastName(address: string): readonly string[] {
  const reference = resourceReference(address);
  return reference === undefined ? [] : [reference.name];
}

function unknown(words: string, candidates: readonly Candidate[]): string {
  const names = candidates.flatMap(({ full, short }) => [...short, ...full]);
  const meant = nearest(words, [...new Set([...names, "internet", "nodes"])]);
  const hint = meant === undefined ? `an end is such as ${EXAMPLE}` : `did you mean ${meant}?`;
  return `"${words}" is no workload, no group and nothing else that is known here; ${hint}`;
}

function listed(names: readonly string[]): string {
  const sorted = [...names].sort();
  const more = sorted.length - MOST_NAMED;
  return more > 0
    ? `${sorted.slice(0, MOST_NAMED).join(", ")} or ${more} more`
    : `${sorted.slice(0, -1).join(", ")} or ${sorted.at(-1)}`;
}
