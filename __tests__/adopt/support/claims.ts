import type { Json } from "../../../io/json";

/*
 * What the written blocks do to states, by what Terraform documents of `moved`, `removed` and `import`, and which rules of AWS each
 * object of a state claims: a second reading of forms, which shares no code with adopt.
 */

/** A rule as AWS has it, in words that say what is one rule: its group, direction, traffic and peer. */
export type LiveRule = string;

/** An object of a state: a group with its blocks, or a resource of rules. */
export interface Held {
  readonly form: "group" | "inline" | "classic" | "per-rule";
  readonly claims: readonly LiveRule[];
}

/** The objects of a state by their addresses. */
export type Claims = ReadonlyMap<string, Held>;

const list = (value: unknown) => (Array.isArray(value) ? value.map(String) : value ? [String(value)] : []);

/** The live rules that arguments of any form claim. */
export function claimsOf(group: string, direction: string, values: Json): LiveRule[] {
  const { protocol = values["ip_protocol"], from_port, to_port } = values;
  const traffic = protocol === "-1" ? "-1" : `${protocol} ${from_port}-${to_port}`;
  const peers = [
    ...["cidr_blocks", "cidr_ipv4", "ipv6_cidr_blocks", "cidr_ipv6", "prefix_list_ids", "prefix_list_id"],
    ...["source_security_group_id", "referenced_security_group_id", "security_groups"],
  ].flatMap((name) => list(values[name]));
  if (values["self"] === true) peers.push(group);
  return peers.map((peer) => `${group} ${direction} ${traffic} ${peer}`);
}

/** What the calls of `security-group` in a configuration hold. @param idOf the group of each call */
export function claimsOfCalls(calls: Json, idOf: (call: string) => string): Claims {
  const held = new Map<string, Held>();
  const referred = (value: unknown): unknown =>
    typeof value === "string"
      ? value.replace(/^\$\{module\.(\w+)\.security_group_id\}$/, (_, call: string) => idOf(call))
      : Array.isArray(value)
        ? value.map(referred)
        : value;
  const resolved = (values: Json) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, referred(value)]));
  for (const [call, inputs] of Object.entries(calls) as [string, Json][]) {
    const id = idOf(call);
    const blocks = ["ingress", "egress"].flatMap((direction) =>
      ((inputs[`inline_${direction}`] ?? []) as Json[]).flatMap((block) =>
        claimsOf(id, direction, resolved(block)),
      ),
    );
    held.set(`module.${call}.aws_security_group.this`, {
      form: blocks.length > 0 ? "inline" : "group",
      claims: blocks,
    });
    for (const direction of ["ingress", "egress"])
      for (const [key, rule] of Object.entries((inputs[direction] ?? {}) as Record<string, Json>))
        held.set(`module.${call}.aws_vpc_security_group_${direction}_rule.${direction}["${key}"]`, {
          form: "per-rule",
          claims: claimsOf(id, direction, resolved(rule)),
        });
    for (const [key, rule] of Object.entries((inputs["classic_rules"] ?? {}) as Record<string, Json>))
      held.set(`module.${call}.aws_security_group_rule.classic["${key}"]`, {
        form: "classic",
        claims: claimsOf(id, String(rule["type"]), resolved(rule)),
      });
  }
  return held;
}

/**
 * What a state holds after an apply of blocks beside a configuration, which must add, change and destroy nothing.
 *
 * @param claimed what the object of an import's id claims: undefined for a group, whose blocks are the configuration's
 * @throws Error naming what Terraform would refuse, create, change or destroy
 */
export function applied(
  state: Claims,
  configuration: Claims,
  blocks: Json,
  claimed: (id: string) => readonly LiveRule[] | undefined,
): Claims {
  const after = new Map(state);
  const given = (name: string) => (blocks[name] ?? []) as Record<string, string>[];
  const taken = given("moved").map(({ from = "", to = "" }) => {
    const held = after.get(from);
    if (held === undefined) throw new Error(`nothing moves from ${from}`);
    after.delete(from);
    return [to, held] as const;
  });
  for (const [to, held] of taken) {
    if (after.has(to)) throw new Error(`something is at ${to} already`);
    after.set(to, held);
  }
  for (const { from = "" } of given("removed")) {
    if (from.includes("[")) throw new Error(`removed takes no keys: ${from}`);
    if (configuration.has(from)) throw new Error(`removed and configured: ${from}`);
    if (!after.delete(from)) throw new Error(`nothing to remove at ${from}`);
  }
  for (const { to = "", id = "" } of given("import")) {
    const wanted = configuration.get(to);
    if (wanted === undefined) throw new Error(`imported and not configured: ${to}`);
    if (after.has(to)) throw new Error(`imported, and in the state: ${to}`);
    after.set(to, { form: wanted.form, claims: claimed(id) ?? wanted.claims });
  }
  for (const [address, held] of after) {
    const wanted = configuration.get(address);
    if (wanted === undefined) throw new Error(`destroyed: ${address}`);
    // Blocks are what the configuration says: the group itself is the same.
    const isGroup = held.form === "group" || held.form === "inline";
    if (!isGroup && sorted(held.claims) !== sorted(wanted.claims)) throw new Error(`changed: ${address}`);
    after.set(address, wanted);
  }
  for (const address of configuration.keys()) if (!after.has(address)) throw new Error(`created: ${address}`);
  return after;
}

const sorted = (texts: readonly string[]) => [...texts].sort().join("\n");

/** The forms in which states claim each rule. */
export function formsOfRules(...states: readonly Claims[]): Map<LiveRule, Set<string>> {
  const forms = new Map<LiveRule, Set<string>>();
  for (const { form, claims } of states.flatMap((state) => [...state.values()]))
    for (const rule of claims) forms.set(rule, (forms.get(rule) ?? new Set()).add(form));
  return forms;
}
