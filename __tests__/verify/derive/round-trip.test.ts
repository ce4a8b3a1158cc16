import { expect, test } from "vitest";
import { stringify } from "yaml";
import { dumped, list, owned } from "../../support/api-server";
import { judgedOf, WRITTEN } from "../../support/applied";

/* What is applied and dumped again is judged the same; `../../e2e/live.e2e.ts` asks a real API server. */

const written = () => judgedOf(WRITTEN.map((object) => stringify(object)).join("---\n"));

test("what is written is judged at all: flows that hold and flows that are broken", async () => {
  const { flows, workloads } = await written();
  expect(flows.length).toBeGreaterThan(8);
  expect(new Set(flows.map((one) => one.replace(/.*: /, "")))).toStrictEqual(new Set(["broken", "holds"]));
  expect(workloads).toHaveLength(4);
});

test.each([
  ["kubectl get -o yaml", stringify(list(WRITTEN.map(dumped)))],
  ["kubectl get -o json", JSON.stringify(list(WRITTEN.map(dumped)))],
  [
    "kubectl get with what controllers make of it",
    stringify(list(WRITTEN.flatMap((one) => [...owned(one), dumped(one)]))),
  ],
])("%s gives the same verdicts", async (_, text) => {
  expect(await judgedOf(text)).toStrictEqual(await written());
});
