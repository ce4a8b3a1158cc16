import { parseAddress } from "../expression/address";
import type { Input } from "../verify/read/model";
import { articleCandidates } from "./candidates";
import { genericCall } from "./generic";
import { ownerOf } from "./left";
import { literal } from "./literal";
import { matchesOf } from "./match";
import type { Call, Estate, FoundGroup, FoundRule, Left, Taken } from "./model";
import { Names } from "./names";

export interface Calls {
  readonly calls: readonly Call[];
  readonly left: readonly Left[];
}

/**
 * The calls that hold the groups and rules of an estate: of a module that is made for such groups where one holds them
 * exactly, else of the module for any group.
 */
export async function callsOf(estate: Estate, state: Input, stacks: string): Promise<Calls> {
  const owners = new Map(estate.groups.map((group) => [group.id, ownerOf(group)]));
  const groups = estate.groups.filter(({ id }) => owners.get(id) === undefined);
  const ours: Estate = { ...estate, groups };
  const matches = await matchesOf(articleCandidates(ours), ours, state, stacks);

  const names = new Names(estate.calls);
  /** The addresses of groups and rules that a module holds that is made for them. */
  const held = new Set<string>();
  const matched: { readonly name: string; readonly match: (typeof matches)[number] }[] = [];
  const reasons = new Map<FoundGroup, string>();
  for (const match of matches) {
    if (match.takes?.every(({ from }) => !held.has(from.address))) {
      for (const { from } of match.takes) held.add(from.address);
      matched.push({ name: names.next(match.candidate.groups[0]?.name ?? ""), match });
    } else {
      const why = match.reason ?? "another call holds its rules";
      for (const group of match.candidate.groups) reasons.set(group, `${match.candidate.module}: ${why}`);
    }
  }
  const rest = groups.filter((group) => !held.has(group.address));
  const named = new Map(rest.map((group) => [group.id, names.next(nameOf(group))]));

  /** The outputs that give the ids of the groups, by these. */
  const outputs = new Map([...named].map(([id, name]) => [id, `\${module.${name}.security_group_id}`]));
  for (const { name, match } of matched) {
    for (const { from, to } of match.takes ?? [])
      if (from.kind === "group")
        outputs.set(
          from.id,
          `\${module.${name}.${to.replace(/^aws_security_group\./, "")}_security_group_id}`,
        );
  }
  const idOf = (id: string) => outputs.get(id) ?? id;
  const inline = new Set(rest.filter((group) => Object.keys(group.inline).length > 0).map(({ id }) => id));
  const classic = classicGroups(matched.flatMap(({ match }) => match.takes ?? []));
  const free = estate.rules
    .filter((rule) => !held.has(rule.address))
    .map((rule) => (classic.has(rule.group) ? (rule.other ?? rule) : rule));
  const hosts = new Map(free.map((rule) => [rule, hostOf(rule, named)]));
  return {
    calls: [
      ...matched.map(({ name, match }): Call => {
        const { module, inputs, groups: own } = match.candidate;
        const provider = own[0]?.provider;
        return {
          name,
          module,
          inputs: withReferences(inputs, idOf),
          ...(provider !== undefined && { provider }),
          takes: (match.takes ?? []).map(({ from, to }): Taken => ({ from, to: `module.${name}.${to}` })),
        };
      }),
      ...rest.map((group): Call => {
        const rules = free.filter((rule) => hosts.get(rule) === group.id);
        const call = genericCall(named.get(group.id) ?? "", group, rules, idOf, (id) => inline.has(id));
        const reason = reasons.get(group);
        return reason === undefined ? call : { ...call, reason };
      }),
    ],
    left: [
      ...estate.groups.flatMap(({ address, id }): Left[] => {
        const owner = owners.get(id);
        return owner === undefined ? [] : [{ address, reason: owner, isOthers: true }];
      }),
      ...free.flatMap((rule): Left[] =>
        // That the group stays says the same of rules that no state holds.
        hosts.get(rule) !== undefined || (rule.isListed && owners.get(rule.group) !== undefined)
          ? []
          : [
              {
                address: rule.address,
                reason: `no call can hold it: it is on ${rule.group}, which is not taken over`,
                isOthers: owners.get(rule.group) !== undefined,
              },
            ],
      ),
      ...groups.flatMap(({ address, undeclared }): Left[] =>
        undeclared.map((words) => ({
          address,
          reason: estate.hasConfiguration
            ? `its rule ${words} is in neither a resource nor a block: somebody else made it`
            : `its rule ${words} is in no resource of this state: a block of the group, or a rule that somebody else made. The folder of the configuration tells which: give it, too, with --import`,
          isOthers: estate.hasConfiguration,
        })),
      ),
    ],
  };
}

/** What the provider puts behind a prefix: the time and a count, in hexadecimal digits. */
const MADE_UP = /\d{18}[0-9a-f]{8}$/;
/** Names of resources that say nothing, as modules have them. */
const SAYS_NOTHING = ["this", "main", "default"];

/** What a call is named after: the group, or where it is the provider's who named it, its resource. */
function nameOf({ name, address }: FoundGroup): string {
  const given = name.replace(MADE_UP, "");
  const { calls = [], resource } = parseAddress(address) ?? {};
  if (resource === undefined || given !== "terraform-") return given;
  const isSaid = calls.length === 0 || !SAYS_NOTHING.includes(resource.name);
  const words = [
    ...calls.flatMap((call) => [call.name, call.key]),
    isSaid ? resource.name : "",
    resource.key,
  ];
  return words.filter((word) => word !== undefined && word !== "").join("_");
}

/** The groups on which calls hold classic rules: two forms on one group conflict. */
function classicGroups(takes: readonly Pick<Taken, "from">[]): ReadonlySet<string> {
  return new Set(
    takes.flatMap(({ from }) => (from.kind === "rule" && from.form === "classic" ? [from.group] : [])),
  );
}

/**
 * The call that holds a rule: that of its group, else that of a group that it names. One that no state holds may be managed by
 * whoever manages its group, so that it stays there.
 */
function hostOf(
  { group, peers, isListed }: FoundRule,
  named: ReadonlyMap<string, string>,
): string | undefined {
  return [group, ...(isListed ? [] : peers)].find((id) => named.has(id));
}

/** The values of a candidate, with the ids of groups as the other calls give them. */
function withReferences(
  { security_groups, ...inputs }: Readonly<Record<string, unknown>>,
  idOf: (id: string) => string,
): Readonly<Record<string, unknown>> {
  const groups = Object.entries((security_groups ?? {}) as Record<string, string>);
  return {
    ...(literal(inputs) as object),
    security_groups: Object.fromEntries(groups.map(([name, id]) => [name, idOf(id)])),
  };
}
