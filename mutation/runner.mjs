import { readFileSync } from "node:fs";
import { strykerPlugins as vitestPlugins } from "@stryker-mutator/vitest-runner";

const [{ factory: vitest }] = vitestPlugins;

/**
 * Stryker's runner for vitest, whose first run tries all mutants that tests reach (`try-mutants.mts`), so that the runs of
 * single mutants are answered by it.
 */
function inOneRun(injector) {
  const inner = vitest(injector);
  let results = {};
  return {
    capabilities: () => inner.capabilities(),
    init: () => inner.init(),
    dispose: () => inner.dispose(),
    async dryRun(options) {
      const result = await inner.dryRun(options);
      results = JSON.parse(readFileSync(process.env.TRIED, "utf8")).mutants;
      return result;
    },
    async mutantRun(options) {
      const result = results[options.activeMutant.id];
      if (result === undefined) return inner.mutantRun(options);
      const { killedBy, message } = result;
      if (killedBy === undefined) return { status: "survived", nrOfTests: options.testFilter?.length ?? 0 };
      const id =
        options.testFilter?.find((test) => test.endsWith(killedBy.replaceAll(" > ", " "))) ?? killedBy;
      return { status: "killed", killedBy: [id], failureMessage: message ?? "", nrOfTests: 1 };
    },
  };
}
inOneRun.inject = ["$injector"];

export const strykerPlugins = [{ kind: "TestRunner", name: "in-one-run", factory: inOneRun }];
