import { spawnSync } from "node:child_process";
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { InputError } from "./errors";
import { LARGEST, looked } from "./files";

/*
 * All that is asked of git. Nothing of a repository is run: objects are read as they are stored, without hooks, filters,
 * attributes or a work tree, and nothing is written to it.
 */

const MEGABYTE = 1024 * 1024;
/** Files are read from git in parts of about this size. */
const PART = 32 * MEGABYTE;
/** What says another repository than that of a folder; git sets it where it runs hooks. */
const OF_ANOTHER = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY"];

interface Answer {
  readonly isGood: boolean;
  readonly bytes: Buffer;
  /** The same as text, without what ends it. */
  readonly text: string;
  /** What git says where it is no good: its first line. */
  readonly why: string;
}

/** @throws InputError where there is no git */
function ask(folder: string, words: readonly string[], input = "", largest = LARGEST): Answer {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_ANOTHER.includes(name)));
  const { status, stdout, stderr, error } = spawnSync("git", ["-c", "core.fsmonitor=false", ...words], {
    cwd: folder,
    env: { ...env, GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" },
    input,
    maxBuffer: largest,
  });
  if (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new InputError([
      code === "ENOENT"
        ? "git is not on the PATH, and reading a revision needs it: install git, or pass a folder to --base."
        : `git ${words[0]}: ${message}`,
    ]);
  }
  const [why = ""] = stderr.toString().trim().split("\n");
  return { isGood: status === 0, bytes: stdout, text: stdout.toString().trimEnd(), why };
}

/** The folder of the repository that a folder lies in, with links resolved. @throws InputError where it lies in none */
export function repositoryAt(folder: string): string {
  const { isGood, text, why } = ask(folder, ["rev-parse", "--show-toplevel"]);
  if (isGood && text !== "") return looked(text, () => realpathSync(text));
  throw new InputError([`${folder}: git finds no repository there: ${why.replace(/^fatal: /, "")}`]);
}

/**
 * The commit that a revision is.
 *
 * @throws InputError where the repository has none, with the command that fetches it
 */
export function commitOf(repository: string, revision: string): string {
  const words = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
  const { isGood, text } = ask(repository, words);
  if (isGood) return text;
  const isShallow = ask(repository, ["rev-parse", "--is-shallow-repository"]).text === "true";
  const remotes = ask(repository, ["remote"]).text.split("\n").filter(Boolean);
  const what = isShallow ? "this clone, which is shallow, has" : "this repository has";
  throw new InputError([`${what} no revision ${revision}: ${fetchWords(revision, isShallow, remotes)}`]);
}

/** How to get a revision that is not there. */
function fetchWords(revision: string, isShallow: boolean, remotes: readonly string[]): string {
  const remote = remotes.includes("origin") ? "origin" : remotes[0];
  if (remote === undefined) return "there is no remote to fetch it from.";
  // In a clone that has all, a depth would take away what is there.
  const fetch = isShallow ? "git fetch --depth=1" : "git fetch";
  const owner = remotes.find((name) => revision.startsWith(`${name}/`));
  if (/[~^@]/.test(revision)) {
    return isShallow ? `\`git fetch --unshallow ${remote}\` fetches what came before.` : "look at `git log`.";
  }
  if (owner !== undefined) {
    const branch = revision.slice(owner.length + 1);
    return `\`${fetch} ${owner} +refs/heads/${branch}:refs/remotes/${revision}\` fetches it.`;
  }
  if (/^[0-9a-f]{40}$/.test(revision)) return `\`${fetch} ${remote} ${revision}\` fetches it.`;
  return `\`${fetch} ${remote} ${revision}\` fetches it, and --base git:FETCH_HEAD names it then.`;
}

/** Of some files in a folder, the names of those that git does not know. */
export function untracked(folder: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const { text } = ask(folder, ["ls-files", "-z", "--", ...names.map((name) => `:(literal)${name}`)]);
  const tracked = text.split("\0");
  return names.filter((name) => !tracked.includes(name));
}

interface Entry {
  readonly isLink: boolean;
  readonly object: string;
  readonly size: number;
  readonly path: string;
}

/**
 * Writes the files of a commit into an empty folder, as git has them: submodules and what is stored elsewhere (LFS) are not there.
 *
 * @param folder the real path of the folder
 * @throws InputError where git cannot read them, or they cannot be written
 */
export function writeCommit(repository: string, commit: string, folder: string): void {
  const listed = ask(repository, ["ls-tree", "-r", "-z", "-l", "--full-tree", commit]);
  if (!listed.isGood) throw new InputError([`git cannot list the files of ${commit}: ${listed.why}`]);
  const entries = listed.text.split("\0").flatMap(entryOf);
  // Links are last: no file is written through one.
  for (const part of parts(entries.filter(({ isLink }) => !isLink))) {
    for (const [path, content] of contents(repository, part)) {
      put(folder, path, (place) => writeFileSync(place, content, { flag: "wx" }));
    }
  }
  for (const part of parts(entries.filter(({ isLink }) => isLink))) {
    for (const [path, content] of contents(repository, part)) {
      put(folder, path, (place) => symlinkSync(content.toString(), place));
    }
  }
}

function entryOf(line: string): Entry[] {
  const [, mode = "", object = "", size = "", path = ""] =
    /^(\d+) blob ([0-9a-f]+) +(\d+)\t(.*)$/s.exec(line) ?? [];
  const isSafe = path.split("/").every((name) => name !== "" && !/^(\.|\.\.|\.git)$/i.test(name));
  // Larger than what is read of anything.
  if (object === "" || !isSafe || Number(size) > LARGEST) return [];
  return [{ isLink: mode === "120000", object, size: Number(size), path }];
}

function parts(entries: readonly Entry[]): Entry[][] {
  const result: Entry[][] = [];
  let room = 0;
  for (const entry of entries) {
    if (entry.size > room || result.length === 0) {
      result.push([]);
      room = PART;
    }
    result.at(-1)?.push(entry);
    room -= entry.size;
  }
  return result;
}

function contents(repository: string, entries: readonly Entry[]): [path: string, content: Buffer][] {
  const size = entries.reduce((sum, entry) => sum + entry.size + 200, 0);
  const input = entries.map(({ object }) => `${object}\n`).join("");
  const { isGood, bytes, why } = ask(repository, ["cat-file", "--batch"], input, size + MEGABYTE);
  let at = 0;
  return entries.map(({ path, object, size: length }) => {
    const start = bytes.indexOf(10, at) + 1;
    const head = bytes.subarray(at, start).toString();
    if (!isGood || head !== `${object} blob ${length}\n`) {
      throw new InputError([`git cannot read ${path} of that revision: ${why || head.trim()}`]);
    }
    at = start + length + 1;
    return [path, bytes.subarray(start, start + length)];
  });
}

/** Puts something into a folder: not through a link, and not where a system takes two names for one. */
function put(folder: string, path: string, write: (place: string) => void): void {
  const place = join(folder, path);
  looked(place, () => {
    mkdirSync(dirname(place), { recursive: true });
    const real = realpathSync(dirname(place));
    if (real !== folder && !real.startsWith(`${folder}${sep}`)) return;
    try {
      write(place);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  });
}
