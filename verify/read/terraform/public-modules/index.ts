import { EKS } from "./eks";
import type { ModuleModel, PublicModule } from "./model";
import { moduleNamed } from "./names";
import { RDS } from "./rds";
import { SECURITY_GROUP } from "./security-group";
import { compareVersions, rangeOf, type VersionRange, versionOf } from "./versions";

/** One file for each; `docs/architecture.md` says how one is added. */
export const PUBLIC_MODULES: readonly PublicModule[] = [EKS, RDS, SECURITY_GROUP];

/** A call of a public module that is read by its arguments, or why it is not. */
export type ReadByArguments =
  | { readonly model: ModuleModel; readonly name: string; readonly version: string }
  | { readonly why: string };

/** The tag of a version in a repository; a commit says no version. */
const TAG = /^v?(\d+\.\d+\.\d+)$/;

/**
 * What a call makes, by what it says of its module.
 *
 * @param given the names of the arguments of the call
 * @returns undefined for a module that is not known
 */
export function byArguments(
  source: string,
  constraint: unknown,
  given: readonly string[],
): ReadByArguments | undefined {
  const named = moduleNamed(source);
  const tag = TAG.exec(named?.revision ?? "")?.[1];
  if (named === undefined || (named.revision !== undefined && !tag)) return undefined;
  const { submodule } = named;
  const known = PUBLIC_MODULES.find(({ name }) => name === named.name);
  const model = submodule === undefined ? known?.model : known?.submodules?.[submodule];
  if (known === undefined || model === undefined) return undefined;
  const stated = tag ?? (typeof constraint === "string" ? constraint : undefined);
  if (stated === undefined) return { why: "its call states no version" };
  const range = rangeOf(stated);
  if (range?.before === undefined || !isOneMajor(range)) {
    return { why: `its version ${stated} is not certain to be of one major version` };
  }
  const newest = known.newest.find((version) => versionOf(version)[0] === range.from[0]);
  if (
    newest === undefined ||
    compareVersions(range.from, versionOf(newest)) > 0 ||
    compareVersions(range.before, versionOf(known.since)) <= 0
  ) {
    return { why: `its version ${stated} is not one of those that are known (${knownVersions(known)})` };
  }
  const { before } = range;
  // Terraform takes the newest version that the call allows.
  const has = (version: string) => compareVersions(versionOf(version), before) < 0;
  const unread = submodule === undefined ? known.unread(has) : {};
  const [argument, reason] = Object.entries(unread).find(([name]) => given.includes(name)) ?? [];
  if (argument !== undefined) return { why: `its argument ${argument} ${reason}` };
  return {
    model: model(has),
    name: submodule === undefined ? known.name : `${known.name}//${submodule}`,
    version: compareVersions(versionOf(newest), before) < 0 ? newest : stated,
  };
}

function isOneMajor({ from, before = from }: VersionRange): boolean {
  return compareVersions(before, [from[0] + 1, 0, 0]) <= 0;
}

function knownVersions({ since, newest }: PublicModule): string {
  return `${since} to ${newest.at(-1)}`;
}
