import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Tests that start processes, each of which takes a second. A new one belongs here or, better, in `e2e`. */
const PROCESSES = [
  "__tests__/committed-output.test.ts",
  "__tests__/modules/data.test.ts",
  "__tests__/rooms.test.ts",
];

/** The ground, which knows nobody above it, the verifier, its command and its schemas: values in, values out, without cdktf. */
const PURE = ["io", "network", "aws", "expression", "verify", "schemas", "adopt", "cli"].map(
  (room) => `__tests__/${room}/**/*.test.ts`,
);

/** What takes longest. Left to the end, it would keep one core busy and the other waiting. Before it, something to see at once. */
const FIRST = [
  "network/traffic.test.ts",
  "verify/judge/oracle.test.ts",
  "verify/spellings.test.ts",
  "verify/report/formats.test.ts",
  "modules/workload.test.ts",
  "modules/connect.test.ts",
  "synth/text.test.ts",
  "modules/rule-forms.test.ts",
  "committed-output.test.ts",
  "e2e/combinations.e2e.ts",
  "e2e/adopt-estates.e2e.ts",
  "e2e/modules.e2e.ts",
  "e2e/adopt.e2e.ts",
  "e2e/typescript.e2e.ts",
  "e2e/deploy.e2e.ts",
  "e2e/action.e2e.ts",
].map((name) => `__tests__/${name}`);

/** vitest knows how long files take only where it ran before; in a fresh clone it starts with the largest. */
class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const order = ({ project }: TestSpecification) => project.config.sequence.groupOrder;
    const place = ({ moduleId }: TestSpecification) => {
      const index = FIRST.findIndex((path) => moduleId.endsWith(path));
      return index === -1 ? FIRST.length : index;
    };
    return (await super.sort(files)).sort((a, b) => order(a) - order(b) || place(a) - place(b));
  }
}

// A busy machine is no failure: some tests try thousands of cases, others run dozens of processes.
const testTimeout = 120_000;

export default defineConfig({
  test: {
    // Many tests wait for a process of their own: no core need be left free.
    maxWorkers: "100%",
    sequence: { sequencer: InOrder },
    projects: [
      {
        test: {
          name: "pure",
          include: PURE,
          exclude: PROCESSES,
          // One process for all files, which load the same code: none of it keeps state.
          isolate: false,
          setupFiles: ["__tests__/support/no-processes.ts"],
          sequence: { groupOrder: 1 },
          testTimeout,
        },
      },
      {
        // The examples import the package as its users do.
        resolve: {
          alias: { "eks-pod-security-groups": fileURLToPath(new URL("./index.ts", import.meta.url)) },
        },
        test: {
          name: "synth",
          include: ["__tests__/**/*.test.ts"],
          exclude: [...PURE, ...PROCESSES],
          // Loading cdktf anew for each file takes as long as the tests.
          isolate: false,
          setupFiles: ["__tests__/support/no-processes.ts"],
          sequence: { groupOrder: 2 },
          testTimeout,
        },
      },
      {
        test: {
          name: "processes",
          include: PROCESSES,
          // They share no state but the machine.
          isolate: false,
          // Beside `synth`: one group that waits for its last file less.
          sequence: { groupOrder: 2 },
          testTimeout,
        },
      },
      {
        test: {
          name: "worlds",
          include: ["__tests__/verify/judge/oracle.test.ts", "__tests__/verify/checks/advice.test.ts"],
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
          // Real Terraform: a provider takes seconds to start.
          testTimeout: 600_000,
          hookTimeout: 600_000,
          // Each worker has an emulator, a provider and a cluster of its own, unless the environment names one.
          maxWorkers: process.env["AWS_ENDPOINT_URL"] || process.env["KUBECONFIG"] ? 1 : 2,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
