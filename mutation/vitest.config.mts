import { defineConfig } from "vitest/config";
import { BLIND, ROOMS } from "./rooms.mjs";

/** The tests of the room that is mutated: its name comes by the environment, because Stryker starts vitest itself. */
const tests: readonly string[] = ROOMS[process.env["ROOM"] as keyof typeof ROOMS];

export default defineConfig({
  test: {
    include: tests.map((path) => (path.endsWith(".ts") ? path : `${path}/**/*.test.ts`)),
    exclude: BLIND,
    setupFiles: ["__tests__/support/no-processes.ts"],
    // Fewer worlds than in the gate: each of some thousand mutants looks at them.
    env: { WORLDS: "300", COMPLETIONS: "8" },
  },
});
