import ipaddr from "ipaddr.js";
import { InputError, parseInput } from "../../terraform/errors";
import type { Endpoint, EnforcingMode, Flow, Inventory } from "../model";
import { groupExpression, isAbsent, namesNothing } from "./group-expression";
import { type FlowsFile, flowsFileSchema } from "./schema";
import { parseTraffic } from "./traffic-words";

/** What one `flows.yaml` says, with its endpoints resolved in the module that it belongs to. */
export interface Expectations {
  readonly flows: readonly Flow[];
  /** What is left out and why, one sentence each. */
  readonly notes: readonly string[];
  readonly mode?: EnforcingMode;
  /** The worker nodes, for the mode `standard`. */
  readonly nodes?: Endpoint;
  readonly suppressions: readonly {
    readonly check: string;
    readonly address: string;
    readonly reason: string;
  }[];
}

/** An expression that can only mean a group that the input declares. */
const RESOURCE =
  /^(module\.[\w-]+(\[[^\]]*\])?\.)*aws_(default_)?security_group\.[\w-]+(\[[^\]]*\])?(\.id)?$/;

/** The endpoint that needs no declaration: public unicast space. */
const INTERNET: Endpoint = { name: "internet", groups: [], cidrs: ["internet"] };

/**
 * Parses the text of a `flows.yaml`.
 *
 * @param file its path, for messages
 * @throws InputError naming every problem of its form with its place
 */
export async function parseFlowsFile(text: string, file: string): Promise<FlowsFile> {
  const { parseDocument } = await import("yaml");
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    throw new InputError(document.errors.map(({ message }) => `${file}: ${message.split("\n")[0]}`));
  }
  return parseInput(file, flowsFileSchema, document.toJS());
}

/**
 * Resolves the endpoints and flows of a file for one module call.
 *
 * @param module the address of the module call that it speaks for, "" for the root
 * @throws InputError naming every endpoint and flow that is wrong
 */
export function bindFlows(
  parsed: FlowsFile,
  file: string,
  inventory: Inventory,
  module: string,
): Expectations {
  const problems: string[] = [];
  // Endpoints whose group is declared, but of which there is none here: `count = 0`.
  const absent = new Set<string>();
  const endpoints = new Map([["internet", INTERNET]]);
  for (const [name, spec] of Object.entries(parsed.endpoints ?? {})) {
    const where = `${file}: endpoints.${name}`;
    if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name) || name === "internet") {
      problems.push(
        `${where}: a name is a letter and letters, digits, "_" or "-"; internet is there already`,
      );
    }
    endpoints.set(name, endpointOf(name, spec, where, inventory, module, { problems, absent }));
  }
  const flows = Object.entries(parsed.flows ?? {}).flatMap(([name, spec]) => {
    const flow = flowOf(name, spec, `${file}: flows.${name}`, endpoints, module, problems);
    return flow && !absent.has(flow.from.name) && !absent.has(flow.to.name) ? [flow] : [];
  });
  const nodes = parsed.nodes === undefined ? undefined : endpoints.get(parsed.nodes);
  if (parsed.nodes !== undefined && !nodes)
    problems.push(unknownEndpoint(`${file}: nodes`, parsed.nodes, endpoints));
  if (problems.length > 0) throw new InputError(problems);
  const prefix = module === "" ? "" : `${module}.`;
  return {
    flows,
    notes: [...absent]
      .sort()
      .map(
        (name) => `${prefix}${name}: there is no such group here (its count is 0): its flows are left out.`,
      ),
    suppressions: (parsed.suppress ?? []).map((one) => ({ ...one, address: `${prefix}${one.address}` })),
    ...(parsed.mode && { mode: parsed.mode }),
    ...(nodes && { nodes }),
  };
}

type EndpointSpec = NonNullable<FlowsFile["endpoints"]>[string];

function endpointOf(
  name: string,
  spec: EndpointSpec,
  where: string,
  inventory: Inventory,
  module: string,
  { problems, absent }: { readonly problems: string[]; readonly absent: Set<string> },
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
  const keys = named.map((written) => {
    const expression = groupExpression(written, inventory, module);
    const missing = namesNothing(expression, inventory.input, module);
    const key = inventory.resolveGroup(expression, module);
    const isDeclared = inventory.groups.get(key)?.source !== undefined;
    if (isAbsent(written.trim(), inventory, module)) {
      absent.add(name);
      return key;
    }
    if (missing !== undefined || (RESOURCE.test(expression) && !isDeclared)) {
      const what = missing ?? `resource ${written}`;
      problems.push(`${where}: there is no ${what} here; name another, or the id of a group from elsewhere`);
    }
    return key;
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

type FlowSpec = NonNullable<FlowsFile["flows"]>[string];

function flowOf(
  name: string,
  spec: FlowSpec,
  where: string,
  endpoints: ReadonlyMap<string, Endpoint>,
  module: string,
  problems: string[],
): Flow | undefined {
  const { flow: words, description, required = [] } = { description: undefined, required: [], ...spec };
  const match = /^(allow|deny)\s+(\S+)\s*->\s*(\S+)(?:\s+(.*))?$/s.exec(words.trim());
  if (!match) {
    problems.push(
      `${where}: "${words}" must be allow or deny, FROM -> TO, and the traffic, such as "allow pods -> rds TCP 3306"`,
    );
    return undefined;
  }
  const [, expect, from, to, traffic = "all"] = match as unknown as [
    string,
    "allow" | "deny",
    string,
    string,
    string?,
  ];
  const parsed = parseTraffic(traffic);
  const before = problems.length;
  if ("problem" in parsed) problems.push(`${where}: ${parsed.problem}`);
  for (const endpoint of [from, to, ...required]) {
    if (!endpoints.has(endpoint)) problems.push(unknownEndpoint(where, endpoint, endpoints));
  }
  if (problems.length > before || "problem" in parsed) return undefined;
  return {
    id: module === "" ? name : `${module}/${name}`,
    expect,
    from: endpoints.get(from) as Endpoint,
    to: endpoints.get(to) as Endpoint,
    traffic: parsed,
    required: new Set(required.flatMap((endpoint) => (endpoints.get(endpoint) as Endpoint).groups)),
    ...(description && { description }),
  };
}

function unknownEndpoint(where: string, name: string, endpoints: ReadonlyMap<string, Endpoint>): string {
  return `${where}: there is no endpoint "${name}"; there are ${[...endpoints.keys()].sort().join(", ")}`;
}
