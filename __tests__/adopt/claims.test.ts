import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../io/json";
import { adoptedWith } from "./support/adopted";
import { applied, type Claims, claimsOf, claimsOfCalls, formsOfRules, type Held } from "./support/claims";
import { listings, type Rule } from "./support/listings";
import { group, resource, sg, state, VPC } from "./support/state";

/*
 * Conversions between forms never let two forms claim a rule: at every step that adoption.md names, each rule that AWS has is
 * claimed by the one form that it has then.
 */

const FORMS = ["inline", "classic", "per-rule"] as const;
type Form = (typeof FORMS)[number];
const PREFIX_LIST = "pl-0a1b2c3d4e5f60001";
const PEERS: readonly Json[] = [
  { cidr_blocks: ["10.1.0.0/16"] },
  { cidr_blocks: ["10.2.0.0/16"] },
  { ipv6_cidr_blocks: ["2001:db8::/32"] },
  { prefix_list_ids: [PREFIX_LIST] },
  { security_groups: [sg(1)] },
  { security_groups: [sg(2)] },
  { self: true },
];
const TRAFFIC: readonly Json[] = [
  { protocol: "tcp", from_port: 443, to_port: 443 },
  { protocol: "tcp", from_port: 8000, to_port: 9000 },
  { protocol: "udp", from_port: 5000, to_port: 5000 },
  { protocol: "-1", from_port: 0, to_port: 0 },
  { protocol: "icmp", from_port: 8, to_port: -1 },
];

/** Rules of the same traffic, which have the forms one after the other: most have one. */
const rules = fc.record({
  direction: fc.constantFrom("ingress", "egress"),
  traffic: fc.oneof({ weight: 12, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.constant(4) }),
  peers: fc.uniqueArray(fc.nat(PEERS.length - 1), { minLength: 1, maxLength: 4 }),
  description: fc.constantFrom("", "Web & more"),
  forms: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...FORMS).map((form) => [form]) },
    { weight: 1, arbitrary: fc.constant<Form[]>(["classic", "inline"]) },
  ),
});
const groups = fc.array(
  fc.record({
    own: fc.option(fc.constantFrom(...FORMS), { freq: 4 }),
    rules: fc.array(rules, { maxLength: 4 }),
    wanted: fc.constantFrom(...FORMS, "keep"),
  }),
  { minLength: 1, maxLength: 2 },
);

interface World {
  readonly state: string;
  readonly main: Json;
  readonly listed: readonly Rule[];
  readonly claims: Claims;
}

/** The arguments of one peer in the other forms. */
function peerOf(peer: Json, form: "classic" | "per-rule", own: string): Json {
  const [id] = (peer["security_groups"] ?? []) as string[];
  const one = (name: string) => (peer[name] as string[] | undefined)?.[0];
  if (form === "classic") return id === undefined ? peer : { source_security_group_id: id };
  const referenced = peer["self"] === true ? own : id;
  return Object.fromEntries(
    Object.entries({
      cidr_ipv4: one("cidr_blocks"),
      cidr_ipv6: one("ipv6_cidr_blocks"),
      prefix_list_id: one("prefix_list_ids"),
      referenced_security_group_id: referenced,
    }).filter(([, value]) => value !== undefined),
  );
}

function world(given: readonly (typeof groups extends fc.Arbitrary<infer T> ? T : never)[number][]): World {
  const resources: Json[] = [];
  const claims = new Map<string, Held>();
  const listed: Rule[] = [];
  const main: Record<string, Json> = {};
  given.forEach(({ own, rules: wanted }, index) => {
    const id = sg(index + 1);
    const name = `web_${index}`;
    const seen = new Set<string>();
    const blocks: Record<string, Json[]> = { ingress: [], egress: [] };
    wanted.forEach(({ direction, traffic, peers, description, forms }, at) => {
      const text = description === "" ? {} : { description };
      const base = TRAFFIC[traffic] as Json;
      const fresh = peers
        .map((peer) => PEERS[peer] as Json)
        // A group that names itself and `self` are the same.
        .filter((peer) => !(peer["security_groups"] as string[] | undefined)?.includes(id))
        .filter((peer) => {
          const [key = ""] = claimsOf(id, direction, { ...base, ...peer });
          return !seen.has(key) && seen.add(key);
        });
      for (const peer of fresh) {
        const { from_port: from, to_port: to, protocol } = base;
        const { cidr_ipv4, cidr_ipv6, prefix_list_id, referenced_security_group_id } = peerOf(
          peer,
          "per-rule",
          id,
        );
        listed.push({
          id: `sgr-${index}${listed.length}`,
          on: id,
          egress: direction === "egress",
          protocol: String(protocol),
          ...(protocol !== "-1" && { ports: [Number(from), Number(to)] as const }),
          ...(cidr_ipv4 !== undefined && { cidr: String(cidr_ipv4) }),
          ...(cidr_ipv6 !== undefined && { cidr6: String(cidr_ipv6) }),
          ...(prefix_list_id !== undefined && { list: String(prefix_list_id) }),
          ...(referenced_security_group_id !== undefined && { group: String(referenced_security_group_id) }),
          ...text,
        });
      }
      const idOf = (peer: Json) => {
        const [key] = claimsOf(id, direction, { ...base, ...peer });
        return listed.find((rule) => claimsOfListed(rule) === key)?.id ?? "";
      };
      for (const form of own === null ? forms : [own]) {
        if (fresh.length === 0) continue;
        if (form === "inline") blocks[direction]?.push({ ...base, ...text, ...joined(fresh) });
        // Sources of a classic rule are a group, or itself, or all else.
        const isAlone = (peer: Json) => "security_groups" in peer || "self" in peer;
        const parts =
          form === "inline"
            ? []
            : form === "per-rule"
              ? fresh.map((peer) => [peer])
              : [
                  fresh.filter((peer) => !isAlone(peer)),
                  ...fresh.filter(isAlone).map((peer) => [peer]),
                ].filter((part) => part.length > 0);
        parts.forEach((part, number) => {
          if (form === "inline") return;
          const label = `rule_${index}_${at}_${number}`;
          const type =
            form === "classic" ? "aws_security_group_rule" : `aws_vpc_security_group_${direction}_rule`;
          const peer = part.length === 1 ? peerOf(part[0] as Json, form, id) : joined(part);
          const { protocol, from_port, to_port } = base;
          const ports = form === "per-rule" && protocol === "-1" ? {} : { from_port, to_port };
          const values = {
            ...(form === "classic" ? { type: direction, protocol, self: false } : { ip_protocol: protocol }),
            ...ports,
            ...peer,
            ...text,
          };
          const ruleId = part.length === 1 ? { security_group_rule_id: idOf(part[0] as Json) } : {};
          resources.push(
            resource(type, label, {
              id: form === "per-rule" ? idOf(part[0] as Json) : `sgrule-${label}`,
              security_group_id: id,
              ...ruleId,
              ...values,
            }),
          );
          claims.set(`${type}.${label}`, { form, claims: claimsOf(id, direction, { ...base, ...peer }) });
        });
      }
    });
    const written = Object.fromEntries(Object.entries(blocks).filter(([, own]) => own.length > 0));
    resources.push(resource("aws_security_group", name, group(id, name, written)));
    main[name] = { name, vpc_id: VPC, ...written };
    const held = Object.entries(blocks).flatMap(([direction, own]) =>
      own.flatMap((block) => claimsOf(id, direction, block)),
    );
    claims.set(`aws_security_group.${name}`, { form: held.length > 0 ? "inline" : "group", claims: held });
  });
  return { state: state(...resources), main: { resource: { aws_security_group: main } }, listed, claims };
}

/** Peers as one block, or one classic rule, has them. */
function joined(peers: readonly Json[]): Json {
  const all: Json = {};
  for (const [name, value] of peers.flatMap((peer) => Object.entries(peer)))
    all[name] = Array.isArray(value) ? [...((all[name] ?? []) as unknown[]), ...value] : value;
  return all;
}

/** The live rule that a listed one is. */
function claimsOfListed({ on, egress, protocol, ports, cidr, cidr6, list, group: peer }: Rule): string {
  const [from, to] = ports ?? [];
  const values = { protocol, from_port: from, to_port: to, cidr_ipv4: cidr ?? cidr6 ?? list ?? peer };
  return claimsOf(on, egress ? "egress" : "ingress", values)[0] ?? "";
}

/** What the object of an import's id claims. */
const claimedBy = (listed: readonly Rule[]) => (id: string) => {
  if (/^sg-[^_]*$/.test(id)) return undefined;
  const rule = listed.find((one) => one.id === id);
  if (rule !== undefined) return [claimsOfListed(rule)];
  const [on = "", direction = "", protocol, from_port, to_port, ...sources] = id.split("_");
  return sources.flatMap((source) =>
    claimsOf(on, direction, {
      protocol: protocol === "all" ? "-1" : protocol,
      from_port,
      to_port,
      cidr_ipv4: source === "self" ? on : source,
    }),
  );
};

test("at every step each rule is claimed by one form, and undone by the one that it had", async () => {
  await fc.assert(
    fc.asyncProperty(groups, fc.boolean(), async (given, isImported) => {
      const { state: text, main, listed, claims: before } = world(given);
      const words = given.flatMap(({ wanted }, index) => ["--rules", `${sg(index + 1)}=${wanted}`]);
      const { status, stdout, stderr, json, calls, written } = await adoptedWith(
        {
          "state.json": text,
          "main.tf.json": JSON.stringify(main),
          "rules.json": listings({}, listed)["rules.json"],
        },
        ["state.json", ".", "rules.json", "--into", "out", ...words, ...(isImported ? ["--import"] : [])],
      );
      if (status === 1) {
        expect(stdout).toContain("terraform-provider-aws#44935");
        expect(Object.keys(written).filter((path) => path.startsWith("out/"))).toStrictEqual([]);
        return;
      }
      expect({ status, stderr }).toMatchObject({ status: 0 });
      const { module: _, ...blocks } = json("out/adopted.tf.json");
      const byCall = new Map(
        (json("out/adoption.json")["calls"] as { call: string; takes: Json[] }[]).map(({ call, takes }) => {
          const from = String(takes.find(({ kind }) => kind === "group")?.["from"]);
          return [call.replace("module.", ""), sg(Number(from.replace(/\D/g, "")) + 1)];
        }),
      );
      const then = claimsOfCalls(calls() as Json, (call) => byCall.get(call) ?? "");
      const none: Claims = new Map();
      const claimed = claimedBy(listed);
      /** The states after each step: of the one root, or of both. */
      const steps: Claims[][] = [];
      if (!isImported) {
        const after = applied(before, then, blocks, claimed);
        steps.push([after], [applied(after, before, json("out/undo/undo.tf.json"), claimed)]);
      } else {
        const page = written["out/adoption.md"] ?? "";
        const released = applied(before, none, json("out/old-root/released.tf.json"), claimed);
        const imported = applied(none, then, blocks, claimed);
        const isOldFirst = page.includes("Apply the old root, then the new one");
        expect(page.includes("apply this root and then the old one")).toBe(isOldFirst);
        steps.push(isOldFirst ? [released, none] : [before, imported], [released, imported]);
        const gone = applied(imported, none, json("out/undo/new-root.tf.json"), claimed);
        const back = applied(none, before, json("out/undo/old-root.tf.json"), claimed);
        steps.push(isOldFirst ? [none, gone] : [back, imported], [back, gone]);
      }
      const wantedOf = (rule: string) => given[Number(rule.charAt(sg(1).length - 1)) - 1]?.wanted;
      const formsBefore = formsOfRules(before);
      steps.forEach((states, index) => {
        const isUndone = index === steps.length - 1;
        const isBetween = states.length === 2 && index % 2 === 0;
        const forms = formsOfRules(...states);
        if (!isBetween) expect([...forms.keys()].sort()).toStrictEqual([...formsBefore.keys()].sort());
        for (const [rule, own] of forms) {
          const had = [...(formsBefore.get(rule) ?? [])];
          const isKept = wantedOf(rule) === "keep" || isUndone;
          // What two forms claimed, nobody touched, or the undo gives back.
          if (isKept && had.length > 1) continue;
          expect(own.size, `${rule} in ${[...own].join()} at step ${index + 1}`).toBe(1);
          if (isUndone) expect([...own]).toStrictEqual(had);
          else if (!isBetween && !isKept) expect([...own]).toStrictEqual([wantedOf(rule)]);
        }
      });
      expect(steps.at(-1)?.[0]).toStrictEqual(before);
    }),
    { numRuns: 30 },
  );
});
