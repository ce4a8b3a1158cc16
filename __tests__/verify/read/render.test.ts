import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { manifestFiles } from "../../../verify/read/kubernetes/manifest-files";
import { wholes } from "../../../verify/read/kubernetes/render";
import { estate } from "../../cli/support/estate";
import { temporaryFolder } from "../../support/folders";

/** The folders that would be rendered, of files by their names. */
function renderedIn(files: Readonly<Record<string, string>>): string[] {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { unrendered } = manifestFiles(folder);
  return wholes(unrendered).map((one) => relative(folder, one.folder));
}

test("what another kustomization takes in is a part of that one", () => {
  const files = {
    "base/kustomization.yaml": "resources: [orders.yaml]\n",
    "base/orders.yaml": "kind: Pod\n",
    "common/kustomization.yml": "kind: Component\n",
    "prod/Kustomization": "resources: [../base]\ncomponents: [../common]\n",
  };
  expect(renderedIn(files)).toStrictEqual(["prod"]);
});

test("several that nothing takes in are each rendered, and so are charts", () => {
  const files = {
    "base/kustomization.yaml": "resources: []\n",
    "dev/kustomization.yaml": "bases: [../base]\n",
    "prod/kustomization.yaml": "resources: [../base/]\n",
    "shop/Chart.yaml": "name: shop\n",
    "shop/charts/inner/Chart.yaml": "name: inner\n",
  };
  expect(renderedIn(files)).toStrictEqual(["dev", "prod", "shop"]);
});

test("one that is no YAML, or names what is not there, is for kustomize to refuse", () => {
  const files = { "a/kustomization.yaml": "[\n", "b/kustomization.yaml": "resources: [../gone, 1]\n" };
  expect(renderedIn(files)).toStrictEqual(["a", "b"]);
});

test("without manifests there is nothing to render", async () => {
  const { status, stderr } = await estate({ "infra/main.tf": "" }).verify("infra", "--render");
  expect(stderr).toBe("--render goes with --manifests, whose folders it renders\n");
  expect(status).toBe(2);
});
