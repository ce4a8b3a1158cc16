/**
 * `npm run mutate -- ROOM…`: changes the code of rooms in small ways, one at a time, and runs their tests: a change that no
 * test notices is behaviour that nothing pins. Minutes for `network`, hours for all of them: not part of the gate.
 */
import { Stryker } from "@stryker-mutator/core";
import { ROOMS } from "./rooms.mjs";

const given = process.argv.slice(2);
const unknown = given.filter((room) => !(room in ROOMS));
if (unknown.length > 0) {
  console.error(`there is no room ${unknown.join(", ")}; there are ${Object.keys(ROOMS).join(", ")}`);
  process.exit(2);
}

for (const room of given.length > 0 ? given : Object.keys(ROOMS)) {
  process.env.ROOM = room;
  const name = room.replace("/", "-");
  await new Stryker({
    mutate: [`${room}/**/*.ts`],
    testRunner: "vitest",
    vitest: { configFile: "mutation/vitest.config.mts", related: false },
    coverageAnalysis: "perTest",
    concurrency: 1,
    incremental: true,
    incrementalFile: `mutation/reports/${name}.incremental.json`,
    reporters: ["clear-text", "json", "html"],
    clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
    jsonReporter: { fileName: `mutation/reports/${name}.json` },
    htmlReporter: { fileName: `mutation/reports/${name}.html` },
    ignorePatterns: ["examples", "bench", "mutation/reports"],
    thresholds: { high: 95, low: 85, break: 85 },
  }).runMutationTest();
}
