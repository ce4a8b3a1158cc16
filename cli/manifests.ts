import { shownPath } from "../io/files";
import { manifestPath } from "../verify/read";
import type { VerifyOptions } from "../verify/verify";
import type { FoundInputs } from "./inputs";
import type { Values } from "./options";

/**
 * What the options say of manifests beside the input, for the run itself.
 *
 * @param paths the PATHs that are given
 * @param problems receives all that is wrong with them; what is right is given back, so that the rest can be said at once
 */
export function manifestOptions(
  { manifests, render, group = [], base, "base-manifests": before }: Values,
  paths: readonly string[],
  problems: string[],
): Pick<VerifyOptions, "manifests" | "render" | "groupWords"> {
  const piped = [
    ...paths,
    ...pathsOf(manifests),
    ...pathsOf(before),
    ...(base === undefined ? [] : [base]),
  ].filter((path) => path === "-");
  if (piped.length > 1) problems.push("- is standard input, which can be read once: give it once");
  if (before !== undefined && (base === undefined || base.startsWith("git:"))) {
    problems.push(
      base === undefined
        ? "--base-manifests goes with --base PATH: without one there is nothing to compare with"
        : "--base-manifests goes with --base PATH: git:REF has the manifests of that revision",
    );
  }
  if (before !== undefined && manifests === undefined) {
    problems.push("--base-manifests goes with --manifests, which names those of today");
  }
  if (manifests !== undefined && base !== undefined && !base.startsWith("git:") && before === undefined) {
    problems.push("--base PATH beside --manifests needs --base-manifests: the manifests as they were then");
  }
  if (render && manifests === undefined) {
    problems.push("--render goes with --manifests, whose folders it renders");
  }
  const words = new Map<string, string>();
  for (const one of group) {
    const at = one.indexOf("=");
    const [name, address] = [one.slice(0, at).trim(), one.slice(at + 1).trim()];
    if (at < 0 || name === "" || address === "") {
      problems.push(
        `--group must be NAME=ADDRESS, such as '\${ORDERS_SG_ID}=aws_security_group.orders' (given: ${one})`,
      );
    } else if (words.has(name) && words.get(name) !== address) {
      problems.push(`--group gives ${name} two meanings: ${words.get(name)} and ${address}`);
    } else words.set(name, address);
  }
  return {
    ...(manifests && { manifests }),
    ...(render && { render }),
    ...(words.size > 0 && { groupWords: words }),
  };
}

function pathsOf(manifests: readonly string[] = []): string[] {
  return manifests.map((one) => manifestPath(one).path);
}

/** Whether standard input is one of the manifests. */
export function readsStandardInput({ manifests, "base-manifests": before }: Values): boolean {
  return [...pathsOf(manifests), ...pathsOf(before)].includes("-");
}

/** What is wrong with manifests beside the roots that were found. */
export function manifestMisfits(found: readonly FoundInputs[], { manifests }: Values): string[] {
  const all = found.flatMap(({ inputs }) => inputs);
  return manifests === undefined || all.length < 2
    ? []
    : [
        `--manifests goes with one root, and there are ${all.length}: ${all.map(shownPath).join(", ")}. Name the one that declares the groups of the policies. Groups of the others count there as declared elsewhere: flows.yaml may name them by their ids, and --group maps a placeholder to one`,
      ];
}
