import { callerOf, moduleOf, parseAddress, relativeTo } from "../../expression/address";
import { hclArguments, hclBlock, Verbatim } from "../../expression/hcl";
import { resourceReference } from "../../expression/resource-reference";
import type { GroupKey } from "../../network/peers";
import type { Report } from "../checks/model";
import type { Group, GroupNames, RuleForm } from "../inventory/model";
import type { Cure } from "../judge/model";
import type { ModuleInput } from "../read/model";

/** Where a piece of Terraform is written. */
export interface Place {
  /** The address of the module in whose files, "" for the root. */
  readonly module: string;
  /** The folder of that module, where it is known. */
  readonly folder?: string;
  /** The block inside of which: `aws_security_group.db`, `module.web`. */
  readonly block?: string;
}

/** Something to write besides the rule, so that the rule can name a group. */
export interface Need extends Place {
  /** What is missing: `module web has no output with the id of aws_security_group.pods: add one`. */
  readonly why: string;
  readonly terraform: string;
}

/** Where a missing rule is written, and how it names its groups there. */
export interface Placing {
  readonly place: Place;
  /** The expression of the id of a group; undefined where none is known. */
  readonly nameOf: (group: GroupKey) => string | undefined;
  /** What must be written first, in its order. */
  readonly needs: readonly Need[];
}

/** What placing knows of an input. */
export interface Placed {
  readonly groups: ReadonlyMap<GroupKey, Group>;
  readonly names: GroupNames;
  readonly modules: ReadonlyMap<string, ModuleInput>;
  readonly kind: Report["kind"];
}

/**
 * Where a rule belongs: a block in the resource of its group; a resource in the root, if that can name both ends, else in
 * a module that can. Where no place can, outputs, or for a block variables, bring there what is missing.
 */
export function placeOf(input: Placed, { group, peer }: Cure, form: RuleForm): Placing {
  const far = peer.kind === "group" ? [peer.group] : [];
  const ends = [...new Set(form === "inline" ? far : [group, ...far])];
  const own = moduleOf(group);
  const modules = form === "inline" ? [own] : ["", ...new Set(ends.flatMap((end) => pathTo(moduleOf(end))))];
  const nameIn = (module: string) => (end: GroupKey) => input.names.nameIn(module, end);
  const fitting = modules.find((module) => ends.every((end) => nameIn(module)(end) !== undefined));
  const target = fitting ?? modules[0] ?? "";
  const block = form === "inline" ? relativeTo(own, group) : undefined;
  const place = { ...placeIn(input, target), ...(block !== undefined && { block }) };
  if (fitting !== undefined) return { place, nameOf: nameIn(fitting), needs: [] };
  const brought = new Map(ends.map((end) => [end, bring(input, end, target)]));
  return {
    place,
    nameOf: (end) => brought.get(end)?.name,
    needs: [...brought.values()].flatMap(({ needs }) => needs),
  };
}

/** How the name of a group is brought to a module: up by outputs, and down by variables. */
function bring(input: Placed, group: GroupKey, target: string): { name: string | undefined; needs: Need[] } {
  const needs: Need[] = [];
  let module = moduleOf(group);
  let name = input.names.nameIn(module, group);
  if (name === undefined) return { name, needs };
  const own = relativeTo(module, group);
  const wished = `${resourceReference(own)?.name ?? "peer"}_security_group_id`;
  while (!isWithin(target, module)) {
    const caller = callerOf(module);
    const call = input.names.callOf(module);
    const known = input.names.nameIn(caller, group);
    if (known === undefined) {
      const output = freeName(wished, (one) => input.names.isTaken(caller, `${call}.${one}`));
      const terraform = hclBlock(`output "${output}"`, { value: new Verbatim(name) });
      needs.push({ ...placeIn(input, module), why: lackWords(input, module, "output", own), terraform });
      name = `${call}.${output}`;
    } else name = known;
    module = caller;
  }
  for (const inner of pathTo(target).filter((one) => one !== module && isWithin(one, module))) {
    const known = input.names.nameIn(inner, group);
    if (known === undefined) {
      const variable = freeName(wished, (one) => input.names.isTaken(inner, `var.${one}`));
      needs.push(
        {
          ...placeIn(input, inner),
          why: lackWords(input, inner, "variable", own),
          terraform: hclBlock(`variable "${variable}"`, { type: new Verbatim("string") }),
        },
        {
          ...placeIn(input, callerOf(inner)),
          block: `module.${parseAddress(inner)?.calls.at(-1)?.name}`,
          why: `and pass it to module ${moduleName(inner)}`,
          terraform: hclArguments({ [variable]: new Verbatim(name) }, 0),
        },
      );
      name = `var.${variable}`;
    } else name = known;
  }
  return { name, needs };
}

function lackWords(input: Placed, module: string, what: string, group: string): string {
  // A plan does not tell all that the outputs are.
  const has = input.kind === "configuration" ? "has" : "shows";
  const lack = `module ${moduleName(module)} ${has} no ${what} with the id of ${group}`;
  return input.modules.get(module)?.isFetched
    ? `${lack}, and terraform init fetches its files: use a version that has one, or add one to a copy of the module`
    : `${lack}: add one`;
}

/** A module's name as people call it, with the names of its callers: `network.subnets`. */
export function moduleName(module: string): string {
  return (parseAddress(module)?.calls ?? []).map(({ name }) => name).join(".");
}

function placeIn({ modules }: Placed, module: string): Place {
  const folder = modules.get(module)?.folder;
  return { module, ...(folder !== undefined && { folder }) };
}

/** The modules on the way from the root to a module, without the root: `module.a`, `module.a.module.b`. */
function pathTo(module: string): string[] {
  return module === "" ? [] : [...pathTo(callerOf(module)), module];
}

function isWithin(module: string, outer: string): boolean {
  return outer === "" || module === outer || module.startsWith(`${outer}.`);
}

/** A name that is not taken yet, with a number behind it if need be. */
export function freeName(wished: string, isTaken: (name: string) => boolean): string {
  let name = wished;
  for (let number = 2; isTaken(name); number += 1) name = `${wished}_${number}`;
  return name;
}
