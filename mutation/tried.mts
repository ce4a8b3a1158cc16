import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** What became of a mutant. */
export interface Tried {
  readonly killedBy?: string;
  readonly message?: string;
  /** How often a test came by it; 0 where its result was kept from before. */
  readonly reached: number;
}

/** What makes a result doubtful: tests that fail when they run twice, and those that fail after all mutants. */
export interface Doubts {
  readonly file: string;
  readonly unrepeatable: number;
  readonly stale: readonly string[];
}

const FILE = () => String(process.env["TRIED"]);

function kept(): { mutants: Record<string, Tried>; doubts: Doubts[] } {
  return existsSync(FILE()) ? JSON.parse(readFileSync(FILE(), "utf8")) : { mutants: {}, doubts: [] };
}

/** What became of the mutants in the files of tests before this one. */
export const tried = (): Readonly<Record<string, Tried>> => kept().mutants;

export function tryAgain(found: Readonly<Record<string, Tried>>, doubts: Doubts): void {
  const { mutants, doubts: before } = kept();
  for (const [id, one] of Object.entries(found)) {
    mutants[id] = { ...one, reached: one.reached + (mutants[id]?.reached ?? 0) };
  }
  writeFileSync(FILE(), JSON.stringify({ mutants, doubts: [...before, doubts] }));
}
