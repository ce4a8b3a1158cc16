import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Many tests wait for a process of their own: no core need be left free.
    maxWorkers: "100%",
    projects: [
      {
        test: {
          name: "unit",
          include: ["__tests__/**/*.test.ts"],
          // Some tests run dozens of processes, and a busy machine is no failure.
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: "worlds",
          include: ["__tests__/verify/judge/oracle.test.ts"],
          // More than every change needs to wait for; WORLDS of the environment asks for yet more.
          env: { WORLDS: process.env["WORLDS"] ?? "20000", COMPLETIONS: process.env["COMPLETIONS"] ?? "64" },
          testTimeout: 3_600_000,
          disableConsoleIntercept: true,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["__tests__/e2e/**/*.e2e.ts"],
          globalSetup: ["__tests__/e2e/support/setup.ts"],
          // Real Terraform: a provider takes seconds to start, and one emulator serves all.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
