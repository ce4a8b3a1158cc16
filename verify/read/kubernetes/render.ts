import { basename, join } from "node:path";
import { isObject } from "../../../expression/values";
import { attempt } from "../../../io/errors";
import { exists, isFolder, realPath, shownPath } from "../../../io/files";
import { rendered } from "../../../io/render";
import { readTextFile } from "../../../io/text";
import { parseYaml } from "../../../io/yaml";
import type { Unrendered } from "./manifest-files";

/** A kustomization is a page at most. */
const LIMIT = 1024 * 1024;

/** What a folder renders to. */
export interface Rendering {
  /** The file that says what is put together, as it is shown. */
  readonly file: string;
  readonly text: string;
}

/**
 * Renders folders with the kubectl and the helm on the PATH. What another of the folders takes in is a part of that one, and
 * not rendered by itself; nor are components, which cannot be.
 *
 * @param namespace of releases of charts, where it is given
 * @param problems receives a sentence for each that cannot be rendered
 */
export function renderings(
  folders: readonly Unrendered[],
  namespace: string | undefined,
  problems: string[],
): Rendering[] {
  return wholes(folders).flatMap(({ folder, by, file }) => {
    const shown = shownPath(folder);
    const text = attempt(problems, () =>
      by === "kustomize"
        ? rendered("kubectl", ["kustomize", shown])
        : rendered("helm", [
            ...["template", releaseName(folder), shown],
            ...(namespace === undefined ? [] : ["-n", namespace]),
          ]),
    );
    return text === undefined ? [] : [{ file: shownPath(file), text }];
  });
}

/** The folders that no other takes in. */
export function wholes(folders: readonly Unrendered[]): readonly Unrendered[] {
  const kustomizations = folders.map((one) => ({ one, content: contentOf(one) }));
  const parts = new Set(
    kustomizations.flatMap(({ one, content }) =>
      [content["resources"], content["bases"], content["components"]]
        .flatMap((list) => (Array.isArray(list) ? list : []))
        .flatMap((path) => (typeof path === "string" ? join(one.folder, path) : []))
        .filter((path) => exists(path) && isFolder(path))
        .map(realPath),
    ),
  );
  return kustomizations
    .filter(({ one, content }) => content["kind"] !== "Component" && !parts.has(realPath(one.folder)))
    .map(({ one }) => one);
}

/** What a kustomization says; nothing of what is none, which kubectl then says. */
function contentOf({ by, file }: Unrendered): Readonly<Record<string, unknown>> {
  if (by !== "kustomize") return {};
  const content = attempt([], () => parseYaml(readTextFile(file, LIMIT), file));
  return isObject((content ?? null) as never) ? (content as Record<string, unknown>) : {};
}

/** A name that Helm takes (https://helm.sh/docs/chart_best_practices/conventions/): at most 53 characters. */
function releaseName(folder: string): string {
  const name = basename(realPath(folder))
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, 53)
    .replace(/-+$/, "");
  return name === "" ? "release" : name;
}
