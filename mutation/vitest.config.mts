import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { BLIND, CACHE, LAST, ROOMS } from "./rooms.mjs";

/** The tests of the room that is mutated: its name comes by the environment, because Stryker starts vitest itself. TESTS names others. */
const tests: readonly string[] =
  process.env["TESTS"]?.split(",") ?? ROOMS[process.env["ROOM"] as keyof typeof ROOMS];

class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLast = ({ moduleId }: TestSpecification) => Number(LAST.some((name) => moduleId.endsWith(name)));
    return [...files].sort((a, b) => isLast(a) - isLast(b) || a.moduleId.localeCompare(b.moduleId));
  }
}

export default defineConfig({
  plugins: [
    {
      name: "no result of another mutant",
      enforce: "pre",
      transform(_code, id) {
        if (!id.endsWith(CACHE)) return;
        return `export function once(compute) {
          let known, mutant;
          return (of) => {
            const active = globalThis.__stryker__?.activeMutant;
            if (!known || active !== mutant) [known, mutant] = [new WeakMap(), active];
            const entry = known.get(of) ?? { value: compute(of) };
            known.set(of, entry);
            return entry.value;
          };
        }`;
      },
    },
  ],
  test: {
    include: tests.map((path) => (path.endsWith(".ts") ? path : `${path}/**/*.test.ts`)),
    exclude: BLIND,
    runner: "mutation/try-mutants.mts",
    sequence: { sequencer: QuickFirst },
    setupFiles: ["__tests__/support/no-processes.ts", "mutation/first-failure.mts"],
    testTimeout: 3_600_000,
    // Fewer worlds than in the gate, and the same ones for every mutant.
    env: { WORLDS: "400", COMPLETIONS: "24", SEED: "1" },
  },
});
