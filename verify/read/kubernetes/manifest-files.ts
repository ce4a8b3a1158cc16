import { join } from "node:path";
import { exists, foldersIn, isFile, kindOf, namesIn, shownPath } from "../../../io/files";

/** What a path of manifests leads to. */
export interface ManifestFiles {
  /** Files that may hold manifests, in their order. */
  readonly files: readonly string[];
  /** Folders whose files are parts of something else. */
  readonly unrendered: readonly Unrendered[];
}

/** A folder that something renders. */
export interface Unrendered {
  readonly folder: string;
  readonly by: "kustomize" | "helm";
  /** The file that says so. */
  readonly file: string;
}

const KUSTOMIZATIONS = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
const CHART = "Chart.yaml";
const LEFT_OUT = ["node_modules", "vendor"];

/**
 * The files below a folder that may hold manifests. What kustomize or Helm puts together is not read file by file: its files
 * are patches and templates, and read as whole objects they would say what nobody applies.
 *
 * @throws InputError where a folder cannot be read
 */
export function manifestFiles(folder: string): ManifestFiles {
  const rendered = renderedBy(folder);
  if (rendered !== undefined) return { files: [], unrendered: [rendered] };
  const files = namesIn(folder)
    .filter((name) => /\.(?:ya?ml|json)$/.test(name) && !name.startsWith("."))
    .map((name) => join(folder, name))
    .filter(isFile);
  const inner = foldersIn(folder)
    .filter((name) => !name.startsWith(".") && !LEFT_OUT.includes(name))
    .map((name) => manifestFiles(join(folder, name)));
  return {
    files: [...files, ...inner.flatMap((one) => one.files)],
    unrendered: inner.flatMap((one) => one.unrendered),
  };
}

/** The tool that renders a folder; undefined of any other. */
function renderedBy(folder: string): Unrendered | undefined {
  const kustomization = KUSTOMIZATIONS.map((name) => join(folder, name)).find(exists);
  if (kustomization !== undefined) return { folder, by: "kustomize", file: kustomization };
  const chart = join(folder, CHART);
  return exists(chart) ? { folder, by: "helm", file: chart } : undefined;
}

/** What is said of a folder that is not rendered, with the command that renders it. */
export function unrenderedWords({ folder, by }: Unrendered): string {
  const shown = shownPath(folder);
  if (by === "kustomize") {
    return (
      `${shown}: kustomize puts it together, so it is not read file by file. Give what it renders, with --render or by ` +
      `kubectl kustomize ${shown} | … --manifests -`
    );
  }
  return (
    `${shown}: it is a Helm chart, whose templates are not read. Give what it renders, with --render or by ` +
    `helm template NAME ${shown} -n NAMESPACE | … --manifests NAMESPACE=- (of a release that runs: helm get manifest NAME)`
  );
}

/** `[NAMESPACE=]PATH` taken apart. */
export interface ManifestPath {
  readonly path: string;
  readonly namespace?: string;
}

/** A name of a namespace (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names). */
const NAMESPACE = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/** A prefix is a namespace only where it may be one and the whole is no file. */
export function manifestPath(given: string): ManifestPath {
  const at = given.indexOf("=");
  const [namespace, path] = [given.slice(0, at), given.slice(at + 1)];
  if (at <= 0 || path === "" || !NAMESPACE.test(namespace) || kindOf(given) !== undefined)
    return { path: given };
  return { path, namespace };
}
