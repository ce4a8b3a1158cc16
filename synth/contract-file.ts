import { relative } from "node:path";
import * as z from "zod";
import { describe, InputError, parseInput } from "../io/errors";
import { exists, readText } from "../io/files";
import { type Json, stringify } from "../io/json";
import { addressesOf } from "./render";
import type { FurtherFiles } from "./synthesize";

/** What a stack promises: what the states, plans and calls of those who use it name. */
interface StackContract {
  readonly kind: "module" | "root";
  /** Its addresses, variables and outputs. One that is gone breaks whoever names it. */
  readonly names: readonly string[];
  /** The variables that a caller must set. One more breaks every call. */
  readonly required: readonly string[];
}

type Contract = Readonly<Record<string, StackContract>>;

/** The name of the file in the output folder. */
const FILE = "contract.json";

const schema: z.ZodType<Contract> = z.record(
  z.string(),
  z.strictObject({
    kind: z.enum(["module", "root"]),
    names: z.array(z.string()),
    required: z.array(z.string()),
  }),
);

interface ContractPlaces {
  /** The committed file. */
  readonly committed: string;
  /** The changelog, whose top section says what breaks. */
  readonly changelog: string;
}

/**
 * The public contract of an app as a file of its output, `contract.json`. Of modules it only grows: a name that the
 * committed file has and the module does not is refused, unless the top section of the changelog lists it under
 * "Breaking". Roots are listed, but whoever deploys one may change it: nobody calls it, and its options decide what it has.
 *
 * @returns for `run` and `synthesize`; it throws an InputError naming everything that would break, and where there is
 *   no committed file to compare with
 */
export function contractFile({ committed, changelog }: ContractPlaces): FurtherFiles {
  return (stacks) => {
    const before = readContract(committed);
    const now: Contract = Object.fromEntries(
      stacks.map(({ name, kind, configuration }) => [name, contractOf(kind, configuration)]),
    );
    const announced = breakingEntries(exists(changelog) ? readText(changelog) : "");
    const problems = breaksOf(before, now)
      .filter(({ names }) => !announced.some((entry) => names.every((name) => entry.includes(name))))
      .map(
        ({ what, instead, names }) =>
          `${what}: ${instead}, or announce it in an entry with ${names.join(" and ")} under "### Breaking" in the top section of ${shown(changelog)}`,
      );
    if (problems.length > 0) throw new InputError(problems);
    return { [FILE]: stringify(now) };
  };
}

function readContract(path: string): Contract {
  const restore = `restore the committed one with "git restore ${shown(path)}"`;
  if (!exists(path)) {
    throw new InputError([
      `${shown(path)} is missing, so names that are gone from the contract would go unnoticed: ${restore}`,
    ]);
  }
  let content: unknown;
  try {
    content = JSON.parse(readText(path));
  } catch (error) {
    throw new InputError([`${shown(path)} is no JSON (${describe(error)}): ${restore}`]);
  }
  return parseInput(shown(path), schema, content);
}

function contractOf(kind: StackContract["kind"], configuration: Json): StackContract {
  const variables = Object.entries((configuration["variable"] ?? {}) as Record<string, Json>);
  return {
    kind,
    names: addressesOf(configuration).sort(),
    required: variables
      .filter(([, variable]) => !("default" in variable))
      .map(([name]) => `var.${name}`)
      .sort(),
  };
}

interface Break {
  readonly what: string;
  /** What to do where it is not meant. */
  readonly instead: string;
  /** What an entry of the changelog must hold to announce it. */
  readonly names: readonly string[];
}

function breaksOf(before: Contract, now: Contract): Break[] {
  return Object.entries(before).flatMap(([stack, promised]): Break[] => {
    if (promised.kind === "root") return [];
    const kept = now[stack];
    if (kept === undefined) {
      return [
        {
          what: `stack "${stack}" would be removed from the contract`,
          instead: "keep it",
          names: [`\`stacks/${stack}\``],
        },
      ];
    }
    const of = (name: string, words: string, instead: string): Break => ({
      what: `stack "${stack}": ${name} would be ${words}`,
      instead,
      names: [`\`${stack}\``, `\`${name}\``],
    });
    return [
      ...without(promised.names, kept.names).map((name) => of(name, "removed from the contract", "keep it")),
      ...without(kept.required, promised.required).map((name) =>
        of(name, "required for callers", "give it a default"),
      ),
    ];
  });
}

function without(all: readonly string[], others: readonly string[]): string[] {
  return all.filter((one) => !others.includes(one));
}

/** The entries under "Breaking" in the first section of a changelog. */
function breakingEntries(changelog: string): string[] {
  const [, top = ""] = changelog.split(/^## /m);
  const breaking = top.split(/^### /m).find((part) => part.startsWith("Breaking")) ?? "";
  return breaking.split(/^- /m).slice(1);
}

function shown(path: string): string {
  return relative(process.cwd(), path) || path;
}
