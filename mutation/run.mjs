/**
 * `npm run mutate -- ROOM|FILE…`: changes the code of rooms in small ways, one at a time, and runs their tests: a change
 * that no test notices is behaviour that nothing pins. Takes minutes for each room: not part of the gate.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Stryker } from "@stryker-mutator/core";
import { CACHE, ROOMS } from "./rooms.mjs";

const roomOf = (path) => Object.keys(ROOMS).find((room) => path === room || path.startsWith(`${room}/`));

const given = process.argv.slice(2);
const unknown = given.filter((path) => roomOf(path) === undefined);
if (unknown.length > 0) {
  console.error(`${unknown.join(", ")} is in no room; there are ${Object.keys(ROOMS).join(", ")}`);
  process.exit(2);
}

const paths = given.length > 0 ? given : Object.keys(ROOMS);
for (const room of new Set(paths.map(roomOf))) {
  const ofRoom = paths.filter((path) => roomOf(path) === room);
  const name = (ofRoom.includes(room) ? room : ofRoom[0].replace(/\.ts$/, "")).replaceAll("/", "-");
  const folder = mkdtempSync(join(tmpdir(), "mutants-"));
  process.env.ROOM = room;
  process.env.TRIED = join(folder, "tried.json");
  await new Stryker({
    mutate: ofRoom.includes(room) ? [`${room}/**/*.ts`, `!${CACHE}`] : ofRoom,
    plugins: ["@stryker-mutator/vitest-runner", "./mutation/runner.mjs"],
    testRunner: "in-one-run",
    vitest: { configFile: "mutation/vitest.config.mts", related: false },
    coverageAnalysis: "perTest",
    // What runs when a file is loaded is its data. Each change of it would need a process of its own.
    ignoreStatic: true,
    concurrency: 1,
    dryRunTimeoutMinutes: 120,
    timeoutMS: 5_000,
    timeoutFactor: 1,
    reporters: ["clear-text", "json", "html"],
    clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
    jsonReporter: { fileName: `mutation/reports/${name}.json` },
    htmlReporter: { fileName: `mutation/reports/${name}.html` },
    ignorePatterns: ["examples", "bench", "mutation/reports"],
    thresholds: { high: 95, low: 85, break: 85 },
  }).runMutationTest();
  sayDoubts(JSON.parse(readFileSync(process.env.TRIED, "utf8")));
  rmSync(folder, { recursive: true, force: true });
}

/** What may be wrong about what was found. */
function sayDoubts({ mutants, doubts }) {
  for (const { file, unrepeatable, stale } of doubts) {
    if (unrepeatable > 0)
      console.error(`${file}: ${unrepeatable} tests fail when they run again, and try no mutant`);
    if (stale.length > 0)
      console.error(`${file}: mutants have left something behind for ${stale.join("; ")}`);
  }
  const unreached = Object.values(mutants).filter(
    ({ killedBy, reached }) => killedBy === undefined && reached === 0,
  );
  if (unreached.length > 0)
    console.error(`${unreached.length} mutants were not reached again: a result is kept somewhere`);
}
