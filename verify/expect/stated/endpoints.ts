import ipaddr from "ipaddr.js";
import { expressionIn } from "../../../expression/parse";
import { referencesIn } from "../../../expression/references";
import { type Each, Unknown } from "../../../expression/value";
import { toText } from "../../../expression/values";
import { familyOf } from "../../../network/addresses";
import type { GroupKey } from "../../../network/peers";
import type { Inventory, Role } from "../../inventory/model";
import type { EndpointWords, FlowsFile } from "../../read/flows/schema";
import type { Endpoint } from "../model";
import { missingOfEach } from "./each";
import { groupByKey, groupExpression, isAbsent, isOwnGroup, namesNothing } from "./group-expression";

/** The endpoint that needs no declaration: public unicast space. */
const INTERNET: Endpoint = { name: "internet", groups: [], cidrs: ["internet"] };

/** What an endpoint's name means: an endpoint; nothing, where no group of it is here; or why it is not known. */
export type Meaning =
  | { readonly value: Endpoint }
  | { readonly isAbsent: true }
  | { readonly unknown: string };

/** The endpoints of a file, in one module call. */
export class Endpoints {
  private readonly specs: ReadonlyMap<string, EndpointWords>;
  private readonly meanings = new Map<string, Meaning>([["internet", { value: INTERNET }]]);

  /**
   * @param file its path, for messages
   * @param nodes the name of the endpoint of the worker nodes
   * @param problems receives a sentence for each that is wrong, also later
   */
  constructor(
    specs: NonNullable<FlowsFile["endpoints"]>,
    private readonly file: string,
    private readonly inventory: Inventory,
    private readonly module: string,
    private readonly nodes: string | undefined,
    private readonly problems: string[],
  ) {
    this.specs = new Map(Object.entries(specs));
    for (const [name, spec] of this.specs) {
      if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name) || name === "internet") {
        problems.push(
          `${this.where(name)}: a name starts with a letter and has only letters, digits, "_" and "-"; internet already exists`,
        );
      }
      if (spec.groups.length === 0 && spec.cidrs.length === 0) {
        problems.push(`${this.where(name)}: needs a group or cidrs`);
      }
      if (!this.isSpecOfEach(spec)) this.meanings.set(name, this.bound(name, spec, undefined));
    }
  }

  get names(): string[] {
    return [...new Set([...this.meanings.keys(), ...this.specs.keys()])].sort();
  }

  has(name: string): boolean {
    return this.meanings.has(name) || this.specs.has(name);
  }

  /** Whether what a name means depends on the element of the flow that it stands in. */
  isOfEach(name: string): boolean {
    return !this.meanings.has(name) && this.specs.has(name);
  }

  /**
   * What a name that there is means.
   *
   * @param each the element, for an endpoint that speaks of one
   */
  meaning(name: string, each: Each | undefined): Meaning {
    return this.meanings.get(name) ?? this.bound(name, this.specs.get(name) as EndpointWords, each);
  }

  private bound(name: string, spec: EndpointWords, each: Each | undefined): Meaning {
    for (const expression of each ? [...spec.groups, ...spec.cidrs.map(expressionIn)] : []) {
      const missing = missingOfEach(expression.trim(), each as Each);
      if (missing) this.problems.push(`${this.where(name)}: ${missing}`);
    }
    const groups = spec.groups.flatMap((written) => this.groupOf(written, this.where(name), each));
    const cidrs: string[] = [];
    for (const written of spec.cidrs) {
      const cidr = this.cidrOf(written, each);
      if (cidr instanceof Unknown) return { unknown: `the endpoint ${name} (${cidr.expression})` };
      if (cidr === null) continue;
      cidrs.push(cidr);
      if (!isCidr(cidr)) {
        this.problems.push(
          `${this.where(name)}: "${cidr}" is not a CIDR, such as 10.0.0.0/8 or 2001:db8::/32`,
        );
      }
    }
    if (groups.length === 0 && cidrs.length === 0) return { isAbsent: true };
    return {
      value: {
        name: each === undefined ? name : `${name}[${JSON.stringify(each.key)}]`,
        groups,
        ...(cidrs.length > 0 && { cidrs }),
        ...(spec.isOnNodes && { isOnNodes: true }),
        ...this.familiesOf(name, groups, cidrs, spec.isOnNodes),
      },
    };
  }

  /** What the input shows of the families of an endpoint's addresses. */
  private familiesOf(
    name: string,
    groups: readonly GroupKey[],
    cidrs: readonly string[],
    isOnNodes = false,
  ): Pick<Endpoint, "families" | "isIpv6Pod"> {
    const { familiesOn, hasIpv6Pods } = this.inventory;
    const has = (role: Role) => groups.some((key) => this.inventory.groups.get(key)?.roles.has(role));
    const isPod = (isOnNodes || has("pods")) && !has("nodes") && name !== this.nodes;
    if (hasIpv6Pods && isPod && cidrs.every((cidr) => familyOf(cidr) === "ipv6")) {
      return { ...(cidrs.length === 0 && { families: ["ipv6"] as const }), isIpv6Pod: true };
    }
    const families = cidrs.length === 0 ? familiesOn(groups) : undefined;
    return families ? { families } : {};
  }

  /** The group that words name; none where it is not here. */
  private groupOf(written: string, where: string, each: Each | undefined): GroupKey[] {
    const { inventory, module } = this;
    if (isAbsent(written.trim(), inventory, module)) return [];
    const known = groupByKey(written, inventory, module);
    if (known !== undefined) return [known];
    const expression = groupExpression(written, inventory, module);
    const missing = namesNothing(expression, inventory.input, module);
    const key = inventory.resolveGroup(expression, module, each);
    if (key === null) return [];
    const isDeclared = inventory.groups.get(key)?.declaredAt !== undefined;
    if (missing !== undefined || (isOwnGroup(expression) && !isDeclared)) {
      const what = missing ?? `resource ${written}`;
      this.problems.push(
        `${where}: there is no ${what} here; name another, or the id of a group from elsewhere`,
      );
    }
    return [key];
  }

  /** An address, which may be the value of an expression: null where there is none. */
  private cidrOf(written: string, each: Each | undefined): string | Unknown | null {
    const expression = expressionIn(written);
    if (expression === written) return written;
    const value = this.inventory.input.evaluate(expression, this.module, each);
    return value === null || value instanceof Unknown ? value : String(toText(value));
  }

  /** Whether it speaks of the element of a flow. */
  private isSpecOfEach({ groups, cidrs }: EndpointWords): boolean {
    const expressions = groups.filter(
      (words) => groupByKey(words, this.inventory, this.module) === undefined,
    );
    return [...expressions, ...cidrs.map(expressionIn)].some((words) =>
      referencesIn(words).some(([root]) => root === "each"),
    );
  }

  private where(name: string): string {
    return `${this.file}: endpoints.${name}`;
  }
}

/** Says that there is no such endpoint, and which there are. */
export function unknownEndpoint(where: string, name: string, { names }: Endpoints): string {
  return `${where}: there is no endpoint "${name}"; there are ${names.join(", ")}`;
}

function isCidr(text: string): boolean {
  return ipaddr.isValid(text) || ipaddr.isValidCIDR(text);
}
