import { parseAddress } from "../expression/address";
import { foldersIn } from "../io/files";
import { isJson, type Json } from "../io/json";
import type { Input } from "../verify/read/model";
import { articleCandidates } from "./article";
import type { Candidate, Refused } from "./candidates";
import { GENERIC, genericCall, groupInputs } from "./generic";
import { ownerOf } from "./left";
import { literal } from "./literal";
import { ownTags } from "./live";
import { type Accepted, type Match, matchesOf } from "./match";
import type { Call, Estate, Found, FoundGroup, FoundRule, Left, Taken } from "./model";
import { Names } from "./names";
import { ownCalls } from "./own-calls";
import { podGroupCandidates } from "./pod-groups";
import type { Questions } from "./questions";
import { type Refusals, refusalsIn } from "./refusals";
import { Seen } from "./seen";
import { serviceCandidates } from "./services";

export interface Calls {
  readonly calls: readonly Call[];
  readonly left: readonly Left[];
}

/** What an adoption hangs on besides the estate. */
export interface CallsContext {
  /** The folder with the committed modules. */
  readonly stacks: string;
  readonly questions: Questions;
  /** What may change in place. */
  readonly accepted: Accepted;
}

/**
 * The calls that hold the groups and rules of an estate: of a module that is made for such groups where one holds them
 * exactly, else of the module for any group.
 */
export async function callsOf(estate: Estate, state: Input, context: CallsContext): Promise<Calls> {
  const owners = new Map(estate.groups.map((group) => [group.id, ownerOf(group)]));
  const refusals = refusalsIn(context.stacks);
  const own = estate.groups.filter(({ id }) => owners.get(id) === undefined).map(withoutTagsOfAws);
  const refused = new Map(
    own.flatMap((group): [string, string][] => {
      const [reason] = refusals(GENERIC, groupInputs(group));
      return reason === undefined ? [] : [[group.id, reason]];
    }),
  );
  const groups = own.filter(({ id }) => !refused.has(id));
  const names = new Names(estate.calls);
  const { matched, held, reasons } = await matchedIn({ ...estate, groups }, state, { ...context, refusals });
  const calls = matched.map((match) => {
    const [first] = Object.values(match.candidate.groups);
    return { name: names.next(first === undefined ? "" : nameOf(first)), match };
  });
  const rest = groups.filter((group) => !held.has(group.address));
  const there = ownCalls(rest, state, estate.otherCalls);
  const named = new Map(rest.map((group) => [group.id, there.get(group.id) ?? names.next(nameOf(group))]));

  /** The outputs that give the ids of the groups, by these. */
  const outputs = new Map([...named].map(([id, name]) => [id, `\${module.${name}.security_group_id}`]));
  for (const { name, match } of calls) {
    for (const { from, to } of match.takes)
      if (from.kind === "group")
        outputs.set(
          from.id,
          `\${module.${name}.${to.replace(/^aws_security_group\./, "")}_security_group_id}`,
        );
  }
  const idOf = (id: string) => outputs.get(id) ?? id;
  const inline = new Set(rest.filter((group) => Object.keys(group.inline).length > 0).map(({ id }) => id));
  const classic = classicGroups(matched.flatMap(({ takes }) => takes));
  const free = estate.rules
    .filter((rule) => !held.has(rule.address))
    .map((rule) => (classic.has(rule.group) ? (rule.other ?? rule) : rule));
  const hosts = new Map(free.map((rule) => [rule, hostOf(rule, named)]));
  return {
    calls: [
      ...calls.map(({ name, match: { candidate, inputs, takes, changes } }): Call => {
        const own = Object.values(candidate.groups);
        const provider = own[0]?.provider;
        const inCall = (to: string) => `module.${name}.${to}`;
        const isOwn = (id: string) => own.some((group) => group.id === id);
        return {
          name,
          module: candidate.module,
          inputs: referring(inputs, (id, variable) =>
            // A call cannot refer to itself. What a condition of the group hangs on must not hang on the group.
            isOwn(id) || (variable === "security_groups" && (!named.has(id) || inline.has(id)))
              ? id
              : idOf(id),
          ),
          ...(provider !== undefined && { provider }),
          takes: takes.map(({ from, to }): Taken => ({ from, to: inCall(to) })),
          ...(changes.length > 0 && {
            changes: changes.map((change) => ({ ...change, to: inCall(change.to) })),
          }),
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
        if (owner !== undefined) return [{ address, reason: owner, isOthers: true }];
        const reason = refused.get(id);
        return reason === undefined
          ? []
          : [{ address, reason: `no module can hold it. ${reason}`, isOthers: false }];
      }),
      ...free.flatMap((rule): Left[] =>
        // That the group stays says the same of rules that no state holds.
        hosts.get(rule) !== undefined || (rule.isListed && owners.get(rule.group) !== undefined)
          ? []
          : (rule.origins ?? [rule]).map(({ address }) => ({
              address,
              reason: `no call can hold it: it is on ${rule.group}, which is not taken over${inAnotherForm(rule, groups)}`,
              isOthers: owners.get(rule.group) !== undefined,
            })),
      ),
      ...groups.flatMap(leftOn),
    ],
  };
}

/** The rules on a group that nothing declares. */
function leftOn({ address, undeclared, isConfigured, leaves = [] }: FoundGroup): Left[] {
  return undeclared.flatMap(({ direction, words, owner, isHeld }): Left[] => {
    if (isHeld) return [];
    if (owner !== undefined) return [{ address, reason: `its rule ${words}: ${owner}`, isOthers: true }];
    return [
      {
        address,
        reason: leaves.includes(direction)
          ? `its rule ${words} is left to others by ignore_changes, and was made by a block at most: it stays, and nothing manages it`
          : isConfigured
            ? `its rule ${words} is in neither a resource nor a block: somebody else made it`
            : `its rule ${words} is in no resource of this state: a block of the group, or a rule that somebody else made. Its configuration tells which: give the folder, too (with --import where another root takes the group), and fetch its modules by \`terraform init\``,
        isOthers: isConfigured,
      },
    ];
  });
}

/** How a call may hold a rule that names its group: only the generic one holds classic rules of other groups. */
function inAnotherForm({ form, peers, group }: FoundRule, groups: readonly FoundGroup[]): string {
  const isNaming = form === "classic" && groups.some(({ id }) => peers.includes(id));
  return isNaming
    ? `, and only security-group holds its form. With --rules ${group}=per-rule another module may hold it`
    : "";
}

/** AWS gives these tags, the provider neither reads nor sets them, and modules refuse them. */
function withoutTagsOfAws(group: FoundGroup): FoundGroup {
  const tags = ownTags(group.tags, {});
  return Object.keys(tags).length === Object.keys(group.tags).length ? group : { ...group, tags };
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

interface Matched {
  readonly matched: readonly Exact[];
  /** The addresses of groups and rules that a module holds that is made for them. */
  readonly held: ReadonlySet<string>;
  /** Why a module that is made for a group does not hold it. */
  readonly reasons: ReadonlyMap<FoundGroup, string>;
}

type Exact = Extract<Match, { readonly reason?: undefined }>;

/**
 * The modules that hold groups exactly. The most specific comes first: the article's pair, then a data service with the egress
 * rule to it, then a group of pods with the rules that are left on it.
 */
async function matchedIn(
  estate: Estate,
  state: Input,
  context: CallsContext & { readonly refusals: Refusals },
): Promise<Matched> {
  const seen = new Seen(estate, state);
  const held = new Set<string>();
  const matched: Exact[] = [];
  const reasons = new Map<FoundGroup, string>();
  const isFree = ({ address }: Found) => !held.has(address);
  const take = async (candidates: readonly Candidate[]) => {
    for (const match of await matchesOf(candidates, { ...context, seen, isFree })) {
      const { module, groups } = match.candidate;
      if (match.takes?.every(({ from }) => isFree(from))) {
        for (const { from } of match.takes) held.add(from.address);
        matched.push(match);
        continue;
      }
      const why = match.reason ?? "another call holds its rules";
      for (const group of Object.values(groups)) refuse({ module, group, reason: why });
    }
  };
  const refuse = ({ module, group, reason }: Refused) => {
    const known = reasons.get(group);
    reasons.set(group, `${known === undefined ? "" : `${known}; `}${module}: ${reason}`);
  };
  await take(articleCandidates(seen));
  const modules = new Set(foldersIn(context.stacks));
  const services = serviceCandidates(seen, modules);
  services.refused.filter(({ group }) => isFree(group)).forEach(refuse);
  await take(services.candidates.filter(({ groups }) => Object.values(groups).every(isFree)));
  const pods = podGroupCandidates(estate.groups.filter(isFree), seen, isFree, context.questions);
  pods.refused.forEach(refuse);
  await take(pods.candidates);
  return { matched, held, reasons };
}

/** The variables of modules that hold ids of groups. */
const GROUP_VARIABLES = [
  "security_groups",
  "pods_security_group_id",
  "vpc_endpoint_security_groups",
  "ingress_sources",
  "egress_targets",
];

/** The values of a candidate, with the ids of groups as the other calls give them. */
function referring(inputs: Json, idOf: (id: string, variable: string) => string): Json {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      name,
      GROUP_VARIABLES.includes(name) ? withIds(value, (id) => idOf(id, name)) : literal(value),
    ]),
  );
}

function withIds(value: unknown, idOf: (id: string) => string): unknown {
  if (typeof value === "string") return idOf(value);
  if (!isJson(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withIds(one, idOf)]));
}
