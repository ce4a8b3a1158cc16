import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { attempt } from "../../io/errors";
import { exists, realPath, repositoryOf, workingDirectory } from "../../io/files";

/** Where a file is, as SARIF's `artifactLocation`. */
export interface ArtifactPlace {
  readonly uri: string;
  /** The root of the sources, which the consumer knows: the uri is a path in it. */
  readonly uriBaseId?: "%SRCROOT%";
}

/**
 * Says where files are to readers who have the sources and not this machine: by the path in the repository, wherever the
 * command ran in it; outside of any in the working directory; by the whole address where a file lies outside of both.
 */
export function places(): (file: string) => ArtifactPlace {
  const here = workingDirectory();
  const own = repositoryOf(here);
  const known = new Map<string, ArtifactPlace>();
  return (file) => {
    const place = known.get(file) ?? placeOf(resolve(here, file), own ?? here);
    known.set(file, place);
    return place;
  };
}

/** @param root what a file is looked for in first: a submodule is part of the repository that it is checked out in */
function placeOf(path: string, root: string): ArtifactPlace {
  const inside = pathInside(root, path) ?? pathInside(real(root), real(path)) ?? pathInRepository(path);
  if (inside === undefined) return { uri: pathToFileURL(path).href };
  const segments = inside.split(sep).map(encodeURIComponent);
  return { uri: inside === "" ? "." : segments.join("/"), uriBaseId: "%SRCROOT%" };
}

function pathInRepository(path: string): string | undefined {
  const root = repositoryOf(dirname(path));
  return root === undefined ? undefined : pathInside(root, path);
}

function pathInside(root: string, path: string): string | undefined {
  const inside = relative(root, path);
  return inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? undefined : inside;
}

/** A path without links, as far as it exists. */
function real(path: string): string {
  return exists(path) ? (attempt([], () => realPath(path)) ?? path) : path;
}
