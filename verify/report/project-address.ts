import * as packageJson from "../../package.json";

const manifest: Manifest & { readonly name: string } = packageJson;

/** What `package.json` says of where the project is at home; both may be missing, and so may the file. */
export interface Manifest {
  readonly homepage?: string;
  readonly repository?: string | { readonly url?: string; readonly directory?: string };
}

/** The address of the page of all checks, where this project has one. */
export function checksPage(): string | undefined {
  return addressIn(manifest, "docs/checks.md");
}

/** Hosts that npm has a short name for: `github:owner/name`. */
const SHORT: Readonly<Record<string, string>> = {
  github: "https://github.com",
  gitlab: "https://gitlab.com",
  bitbucket: "https://bitbucket.org",
};

/**
 * The address of a file of the project, for whoever reads a report: in the repository that `package.json` names, at its
 * default branch, else below its homepage.
 *
 * @param path in the project, such as `docs/checks.md`
 * @returns undefined where `package.json` names neither: nothing is invented
 */
export function addressIn({ homepage, repository }: Manifest, path: string): string | undefined {
  const { url, directory } =
    typeof repository === "string" ? { url: repository, directory: undefined } : (repository ?? {});
  const whole = directory === undefined ? path : `${directory.replace(/^\.?\/|\/$/g, "")}/${path}`;
  const source = url === undefined ? undefined : webAddress(url);
  if (source !== undefined) return `${source}/${branchFolder(source)}/${whole}`;
  const home = homepage === undefined ? undefined : webAddress(homepage);
  if (home === undefined) return undefined;
  return isRepository(home) ? `${home}/${branchFolder(home)}/${whole}` : `${home}/${path}`;
}

/** The address for a browser of what may be for git: `git+ssh://git@github.com/owner/name.git`. */
function webAddress(url: string): string | undefined {
  const [, host = "github", short] = /^(?:([a-z]+):)?([\w.-]+\/[\w.-]+)$/.exec(url) ?? [];
  if (short !== undefined) return SHORT[host] && `${SHORT[host]}/${short.replace(/\.git$/, "")}`;
  const scp = /^[\w.-]+@([\w.-]+):(?!\/)(.+)$/.exec(url);
  const text = scp ? `https://${scp[1]}/${scp[2]}` : url.replace(/^git\+/, "");
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, pathname } = new URL(text);
  if (!/^(https?|ssh|git):$/.test(protocol) || hostname === "") return undefined;
  // The port of SSH is not that of the web.
  const authority = protocol.startsWith("http") && port !== "" ? `${hostname}:${port}` : hostname;
  const scheme = protocol === "http:" ? "http" : "https";
  return `${scheme}://${authority}${pathname.replace(/\/+$/, "").replace(/\.git$/, "")}`;
}

/** Whether a homepage is the page of a repository, which npm takes where nothing else is said. */
function isRepository(address: string): boolean {
  return Object.values(SHORT).some((host) => address.startsWith(`${host}/`));
}

/** Below what a host shows files of the default branch. GitLab and others take GitHub's way of it, too. */
function branchFolder(address: string): string {
  return address.startsWith(`${SHORT["bitbucket"]}/`) ? "src/HEAD" : "blob/HEAD";
}
