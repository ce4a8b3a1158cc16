import ipaddr from "ipaddr.js";
import type { Endpoint, Inventory } from "../model";
import { groupExpression, isAbsent, namesNothing } from "./group-expression";
import type { FlowsFile } from "./schema";

/** An expression that can only mean a group that the input declares. */
const RESOURCE =
  /^(module\.[\w-]+(\[[^\]]*\])?\.)*aws_(default_)?security_group\.[\w-]+(\[[^\]]*\])?(\.id)?$/;

/** The endpoint that needs no declaration: public unicast space. */
const INTERNET: Endpoint = { name: "internet", groups: [], cidrs: ["internet"] };

export interface Endpoints {
  readonly byName: ReadonlyMap<string, Endpoint>;
  /** Names of those whose groups are not here: their `count` is 0, or the expression is null. */
  readonly absent: ReadonlySet<string>;
}

/**
 * Resolves the endpoints of a file for one module call.
 *
 * @param file its path, for messages
 * @param problems receives a sentence for each that is wrong
 */
export function bindEndpoints(
  specs: NonNullable<FlowsFile["endpoints"]>,
  file: string,
  inventory: Inventory,
  module: string,
  problems: string[],
): Endpoints {
  const byName = new Map([["internet", INTERNET]]);
  const absent = new Set<string>();
  for (const [name, spec] of Object.entries(specs)) {
    const where = `${file}: endpoints.${name}`;
    if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name) || name === "internet") {
      problems.push(
        `${where}: a name is a letter and letters, digits, "_" or "-"; internet is there already`,
      );
    }
    const endpoint = endpointOf(name, spec, where, inventory, module, problems);
    byName.set(name, endpoint);
    if (endpoint.groups.length === 0 && endpoint.cidrs === undefined) absent.add(name);
  }
  return { byName, absent };
}

/** Says that there is no such endpoint, and which there are. */
export function unknownEndpoint(where: string, name: string, { byName }: Endpoints): string {
  return `${where}: there is no endpoint "${name}"; there are ${[...byName.keys()].sort().join(", ")}`;
}

/** An endpoint with the groups that are here. */
function endpointOf(
  name: string,
  spec: NonNullable<FlowsFile["endpoints"]>[string],
  where: string,
  inventory: Inventory,
  module: string,
  problems: string[],
): Endpoint {
  const {
    group,
    groups = [],
    cidrs,
    on_nodes,
  } = { group: undefined, cidrs: undefined, on_nodes: undefined, ...spec };
  const named = [...(group === undefined ? [] : [group]), ...groups];
  for (const cidr of cidrs ?? []) {
    if (!isCidr(cidr)) problems.push(`${where}: "${cidr}" is no CIDR, such as 10.0.0.0/8 or 2001:db8::/32`);
  }
  if (named.length === 0 && cidrs === undefined) problems.push(`${where}: needs a group or cidrs`);
  const keys = named.flatMap((written) => {
    if (isAbsent(written.trim(), inventory, module)) return [];
    const expression = groupExpression(written, inventory, module);
    const missing = namesNothing(expression, inventory.input, module);
    const key = inventory.resolveGroup(expression, module);
    const isDeclared = inventory.groups.get(key)?.source !== undefined;
    if (missing !== undefined || (RESOURCE.test(expression) && !isDeclared)) {
      const what = missing ?? `resource ${written}`;
      problems.push(`${where}: there is no ${what} here; name another, or the id of a group from elsewhere`);
      return [key];
    }
    return !isDeclared && inventory.input.evaluate(expression, module) === null ? [] : [key];
  });
  return {
    name,
    groups: keys,
    ...(cidrs && { cidrs }),
    ...(on_nodes && { isOnNodes: true }),
  };
}

function isCidr(text: string): boolean {
  return ipaddr.isValid(text) || ipaddr.isValidCIDR(text);
}
