import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { takeInventory } from "../../../verify/inventory";
import { policiesOn } from "../../../verify/inventory/kubernetes/policies";
import { type Workload, workloads } from "../../../verify/inventory/kubernetes/workloads";
import type { Inventory } from "../../../verify/inventory/model";
import { readManifests } from "../../../verify/read/kubernetes/manifests";
import { asDump, asOracleReads, NUMBER, type Set as OracleSet, sets } from "../../oracle/sets";
import { inputOf } from "../support/input";

/*
 * The VPC resource controller itself has said which groups 5,000 random sets of pods get (`__tests__/oracle/main.go`; an
 * end-to-end test asks it anew). The verifier must say the same, or that it does not know.
 */

const all = sets();
const [head, ...lines] = readFileSync("__tests__/oracle/answers.jsonl", "utf8").trimEnd().split("\n");
const answers = lines.map((line) => JSON.parse(line) as string[]);

test("the answers that are kept are for these sets", () => {
  const asked = createHash("sha256").update(all.map(asOracleReads).join("\n")).digest("hex");
  expect(head).toBe(JSON.stringify({ controller: "v1.8.2", sets: asked }));
  expect(answers).toHaveLength(NUMBER);
});

test("enough of the pods are matched and rejected, and enough of the sets hold a selector that is malformed", () => {
  const pods = answers.flat();
  const share = (of: readonly unknown[], whole: readonly unknown[]) => of.length / whole.length;
  expect(
    share(
      pods.filter((one) => one.startsWith("sg-")),
      pods,
    ),
  ).toBeGreaterThan(0.2);
  expect(
    share(
      pods.filter((one) => one === "rejected"),
      pods,
    ),
  ).toBeGreaterThan(0.05);
  const malformed = all.filter(({ policies }) => policies.some(({ isMalformed }) => isMalformed));
  expect(share(malformed, all)).toBeGreaterThan(0.05);
});

function labelsOf(inventory: Inventory, policies: ReturnType<typeof policiesOn>["certain"]): string[] {
  const keys = new Set(policies.flatMap(({ groups }) => groups));
  return [...keys].map((key) => inventory.groups.get(key)?.label ?? key).sort();
}

/** Of pods that a policy may match, the groups must be among those that are certain and those that are possible. */
function expectSame(inventory: Inventory, some: readonly OracleSet[], isTerraform = false): void {
  const byName = new Map<string, Workload>(
    workloads(inventory).map((one) => [`${String(one.namespace)}/${one.name}`, one]),
  );
  let uncertain = 0;
  const wrong = some.flatMap((set, index) =>
    set.workloads.flatMap(({ metadata: { namespace, name } }, pod) => {
      const answer = answers[index]?.[pod] ?? "";
      const workload = byName.get(`${namespace}/${name}`) as Workload;
      // What Terraform declares never shows that an account is not there.
      if (answer === "rejected" && workload.account.state === "unknown" && isTerraform) return [];
      const { certain, possible } = policiesOn(inventory, workload);
      const least = labelsOf(inventory, certain);
      const most = labelsOf(inventory, [...certain, ...possible]);
      const isRejected = workload.account.state === "missing" && workload.passedOver === undefined;
      if (isRejected || least.length === most.length) {
        const ours = isRejected ? ["rejected"] : least;
        return ours.join(" ") === answer ? [] : [{ set, pod, answer, ours }];
      }
      uncertain += 1;
      const groups = answer.split(" ").filter((one) => one !== "");
      const isBetween =
        least.every((one) => groups.includes(one)) && groups.every((one) => most.includes(one));
      return isBetween ? [] : [{ set, pod, answer, ours: most }];
    }),
  );
  expect(wrong.length, JSON.stringify(wrong[0], null, 1)).toBe(0);
  expect(uncertain / some.flatMap(({ workloads }) => workloads).length).toBeLessThan(0.05);
}

test("pods get the groups that the controller gives them, as a dump of the cluster shows both", () => {
  const text = JSON.stringify({ kind: "List", items: all.flatMap(asDump) });
  const { objects } = readManifests(["-"], text);
  expectSame(takeInventory({ ...inputOf({}), manifests: objects }), all);
});

test("and as Terraform declares them", () => {
  const some = all.slice(0, 500);
  const resources = some.flatMap(asDump).map((object, index) => {
    const { metadata, ...rest } = object as { metadata: { uid: string } };
    const { uid: _, ...own } = metadata;
    return [`kubernetes_manifest.o${index}`, { manifest: { ...rest, metadata: own } }] as const;
  });
  expectSame(takeInventory(inputOf(Object.fromEntries(resources))), some, true);
});
