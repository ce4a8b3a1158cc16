import { expect, test } from "vitest";
import { stringify } from "yaml";
import { dumped, list, type Manifest, owned } from "../../support/api-server";
import { judgedOf, WRITTEN } from "../../support/applied";

/* What is applied and dumped again is judged the same; `../../e2e/live.e2e.ts` asks a real API server. */

const written = () => judgedOf(WRITTEN.map((object) => stringify(object)).join("---\n"));

/** The pods of a workload. */
const pods = (object: Manifest) => {
  const made = owned(object).filter(({ kind }) => kind === "Pod");
  return made.length === 0 ? undefined : made;
};

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
  [
    "kubectl get with pods alone, and not what they are made from",
    stringify(list(WRITTEN.flatMap((one) => pods(one) ?? [dumped(one)]))),
  ],
  [
    "kubectl get with what is in between alone",
    stringify(
      list(WRITTEN.flatMap((one) => (owned(one).length > 1 ? owned(one).slice(0, 1) : [dumped(one)]))),
    ),
  ],
])("%s gives the same verdicts", async (_, text) => {
  expect(await judgedOf(text)).toStrictEqual(await written());
});
