import { expect, test } from "vitest";
import { KINDS, readManifests } from "../../../verify/read/kubernetes/manifests";
import { POD_KINDS } from "../../../verify/read/kubernetes/pod-template";
import { blocksFor, pageText } from "../../support/pages";

/* The command of docs/manifests.md that reads a running cluster; `../../e2e/live.e2e.ts` runs it. */

const COMMAND = blocksFor("dump")[0]?.text.replaceAll("\\\n", "") ?? "";
const ASKED = /--output json (\S+)/.exec(COMMAND)?.[1]?.split(",") ?? [];
const READ = [...KINDS, ...Object.keys(POD_KINDS)];

/** As an API server calls the objects of a kind. */
function plural(kind: string): string {
  const name = kind.toLowerCase();
  if (name.endsWith("params")) return name;
  return name.endsWith("ss") ? `${name}es` : name.replace(/y$/, "ie").concat("s");
}

test("it asks for kinds that are read, and for no other", () => {
  expect(ASKED.length).toBeGreaterThan(20);
  const read = READ.map(plural);
  expect(ASKED.filter((kind) => !read.includes(kind))).toStrictEqual([]);
});

test("the page names each kind that is read: in the command, or with what installs it", () => {
  const page = pageText("docs/manifests.md");
  expect(
    READ.map(plural).filter((kind) => !ASKED.includes(kind) && !page.includes(`\`${kind}\``)),
  ).toStrictEqual([]);
});

const CANARY = "Y2FuYXJ5";

test("what nobody may see is left out unread, even where the dump has it", () => {
  const items = ["Secret", "ConfigMap"].map((kind) => ({
    apiVersion: "v1",
    kind,
    metadata: { name: "orders", namespace: "shop", annotations: { last: CANARY } },
    data: { password: CANARY },
  }));
  const account = {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "orders", namespace: "shop" },
  };
  const { objects, notes } = readManifests(
    ["-"],
    JSON.stringify({ kind: "List", items: [...items, account] }),
  );
  expect(objects.map(({ address }) => address)).toStrictEqual(["shop/ServiceAccount/orders"]);
  expect(JSON.stringify([objects, notes])).not.toContain(CANARY);
});
