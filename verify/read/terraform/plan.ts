import { isSecurityGroupType } from "../../../aws/security-group-types";
import { callerOf } from "../../../expression/address";
import { Unknown, type Value } from "../../../expression/value";
import { isList, isObject } from "../../../expression/values";
import { isJson, type Json } from "../../../io/json";
import type { Input, Resource } from "../model";
import { blockNames } from "./blocks";
import { evaluateText } from "./configuration";
import { normalized } from "./normalized";
import { PlanConfiguration } from "./plan-configuration";
import { scopeOf } from "./plan-scope";
import { modulesOf, type RecordedResource, recordedResources, withoutNulls } from "./recorded";

/**
 * Makes an input of a plan (`terraform show -json PLAN`,
 * https://developer.hashicorp.com/terraform/internals/json-format).
 *
 * What is not known before apply is unknown; where the plan's record of the configuration names the one resource
 * that the value is the id of, that is taken. What the provider computes is left out unless it is known.
 */
export function planInput(path: string, plan: Json): Input {
  // What was replaced and waits to be destroyed has the address of its successor.
  const changes = (Array.isArray(plan["resource_changes"]) ? plan["resource_changes"] : [])
    .filter(isJson)
    .filter((change) => change["deposed"] === undefined);
  const byAddress = new Map(changes.map((change) => [String(change["address"]), changeOf(change)]));
  const configuration = new PlanConfiguration(plan["configuration"]);
  const isCreated = (address: string) => byAddress.get(address)?.unknown["id"] === true;
  const changedGroups = groupsWithChangedRules(changes);
  const notes = planNotes(path, plan);

  const planned = recordedResources(plan["planned_values"]);
  const read = recordedResources(part(plan["prior_state"], "values")).filter(({ mode }) => mode === "data");
  const plannedAddresses = new Set(planned.map(({ address }) => address));
  const resources = [...planned, ...read.filter(({ address }) => !plannedAddresses.has(address))].map(
    (recorded): Resource => {
      const change = byAddress.get(recorded.address);
      const all = withUnknown(recorded.values, change?.unknown ?? {}, recorded.address);
      const given = configuration.argumentsOf(recorded);
      const values = withoutNulls(
        given === undefined
          ? all
          : configured(recorded, all, given, changedGroups, configuration, isCreated, notes),
      );
      const { address, module, mode, type, name } = recorded;
      const provider = configuration.providerOf(recorded);
      const source = { file: path };
      return normalized({ address, module, mode, type, name, values, ...(provider && { provider }), source });
    },
  );
  const scope = scopeOf(resources, variablesOf(plan), (module, variable) =>
    configuration.variable(module, variable),
  );
  const modules = modulesOf(resources, path);
  const paths = withCallers(modules.map(({ address }) => address));
  const groups = resources.flatMap(({ address, type }) => (isSecurityGroupType(type) ? [address] : []));
  return {
    kind: "plan",
    path,
    resources,
    modules,
    namesIn: (module) => configuration.names(module, paths, groups),
    evaluate: (expression, module = "", each) => evaluateText(expression, scope(module), each),
    notes,
    actions: Object.fromEntries([...byAddress].map(([address, { actions }]) => [address, actions])),
    before: Object.fromEntries(
      [...byAddress].flatMap(([address, { before }]) => (before ? [[address, withoutNulls(before)]] : [])),
    ),
  };
}

/** Modules, and those that call them and hold nothing else. */
function withCallers(modules: readonly string[]): string[] {
  const callers = [...new Set(modules.map(callerOf))].filter((caller) => !modules.includes(caller));
  return callers.length === 0 ? [...modules] : withCallers([...modules, ...callers]);
}

/** The values of the root's variables. */
export function variablesOf(plan: Json): Map<string, Value> {
  const variables = isJson(plan["variables"]) ? plan["variables"] : {};
  return new Map(
    Object.entries(variables).flatMap(([name, variable]) =>
      isJson(variable) && variable["value"] !== undefined ? [[name, variable["value"] as Value]] : [],
    ),
  );
}

/** The values that a plan knows of a resource. */
type Values = { readonly [argument: string]: Value };

interface Change {
  readonly actions: readonly string[];
  readonly before: Values | undefined;
  readonly unknown: Json;
}

function changeOf(resource: Json): Change {
  const change = isJson(resource["change"]) ? resource["change"] : {};
  return {
    actions: Array.isArray(change["actions"]) ? change["actions"].map(String) : [],
    before: isJson(change["before"]) ? (change["before"] as Values) : undefined,
    unknown: isJson(change["after_unknown"]) ? change["after_unknown"] : {},
  };
}

function part(value: unknown, key: string): unknown {
  return isJson(value) ? value[key] : undefined;
}

/** `after_unknown` has the form of the values, with `true` for what is not known. */
function withUnknown(values: Values, unknown: Json, address: string): Values {
  const merged = (value: Value | undefined, mark: unknown, name: string): Value => {
    if (mark === true) return new Unknown(name);
    if (Array.isArray(mark)) {
      const list = value !== undefined && isList(value) ? value : [];
      const length = Math.max(list.length, mark.length);
      return Array.from({ length }, (_, index) => merged(list[index], mark[index], `${name}[${index}]`));
    }
    if (isJson(mark)) {
      const object = value !== undefined && isObject(value) ? value : {};
      const keys = [...new Set([...Object.keys(object), ...Object.keys(mark)])];
      return Object.fromEntries(keys.map((key) => [key, merged(object[key], mark[key], `${name}.${key}`)]));
    }
    return value ?? null;
  };
  const isEmpty = (mark: unknown) =>
    mark === false || (typeof mark === "object" && mark !== null && Object.keys(mark).length === 0);
  const marks = Object.entries(unknown).filter(([, mark]) => !isEmpty(mark));
  const names = marks.map(
    ([name, mark]) => [name, merged(values[name], mark, `${address}.${name}`)] as const,
  );
  return { ...values, ...Object.fromEntries(names) };
}

/** Leaves out what the provider will compute, and names what the configuration names. */
function configured(
  recorded: RecordedResource,
  values: Values,
  given: Json,
  changedGroups: ReadonlySet<string>,
  configuration: PlanConfiguration,
  isCreated: (address: string) => boolean,
  notes: string[],
): Values {
  const kept = Object.entries(values).flatMap(([name, value]): [string, Value][] => {
    const expression = given[name];
    if (expression !== undefined) {
      return isGroupRules(recorded, name) && isList(value)
        ? [[name, configuration.withGroup(recorded, name, value, expression, isCreated)]]
        : [[name, configuration.named(recorded, name, value, expression)]];
    }
    if (value instanceof Unknown) return [];
    if (isLive(recorded, name, value) && changedGroups.has(String(values["id"]))) {
      notes.push(
        `${recorded.address}: its ${name} rules in the plan are those before apply, so those that no resource of the plan declares are not known; give the configuration too.`,
      );
      return [];
    }
    return [[name, value]];
  });
  return Object.fromEntries(kept);
}

/**
 * Whether an argument may be what AWS reports: the rules of a group whose configuration has no such blocks. Nothing
 * in a plan tells them from dynamic blocks.
 */
function isLive(recorded: RecordedResource, name: string, value: Value): boolean {
  return isGroupRules(recorded, name) && isList(value) && value.length > 0;
}

/** Whether an argument is the blocks of rules of a group. */
function isGroupRules({ type }: RecordedResource, name: string): boolean {
  const isRules = name === "ingress" || name === "egress";
  return isRules && blockNames(type).includes(name);
}

/** Ids of the groups of which the plan changes a rule: what the groups show are their rules before. */
function groupsWithChangedRules(changes: readonly Json[]): Set<string> {
  const groups = changes.flatMap((change) => {
    const { actions, before } = changeOf(change);
    const group = before?.["security_group_id"];
    const isChanged = actions.some((action) => action === "delete" || action === "update");
    return isChanged && typeof group === "string" ? [group] : [];
  });
  return new Set(groups);
}

/** What the plan says of itself. */
export function planNotes(path: string, plan: Json): string[] {
  const notes: string[] = [];
  if (plan["errored"] === true) {
    notes.push(
      `${path}: the plan is marked as errored, so it does not hold all that the configuration declares.`,
    );
  }
  if (plan["complete"] === false) {
    notes.push(
      `${path}: the plan is not complete: further plans and applies are needed to reach the configuration.`,
    );
  }
  return notes;
}
