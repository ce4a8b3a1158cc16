/** The sources that the command is built of, and what tells them from any others. */
const { createHash } = require("node:crypto");
const { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { replace, ROOT } = require("./bundle.cjs");

/** The folders and files that the command is built of. A source that is none of these is an error when building. */
const SOURCES = [
  ...[
    "adopt",
    "aws",
    "cli",
    "clusters",
    "compose",
    "expression",
    "io",
    "modules",
    "network",
    "synth",
    "verify",
  ],
  ...["build", "main.ts", "package.json", "package-lock.json", "tsconfig.json"],
];

/** The key of the sources by what the file system says of them: their content is only read when that has changed. */
const STAMP = ".build/sources.stamp";

/** How far apart two changes of a file may be, in ns, and get one time: 2 s on FAT, 1 s on some network disks. */
const GRANULE = 2_000_000_000n;

/** The paths of all sources, in one order on every machine. */
function sources() {
  return SOURCES.flatMap((name) => (name.includes(".") ? [name] : filesIn(name))).sort();
}

/** The paths of the files in a folder. By hand: it takes half of what `recursive` takes, at each start. */
function filesIn(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

/** What tells these sources from any others: a hash of their paths and contents. */
function keyOfSources() {
  const paths = sources();
  const states = paths.map((path) => statSync(join(ROOT, path), { bigint: true }));
  const stamp = stampOf(paths, states);
  const [key, ...known] = stored().split("\n");
  if (known.join("\n") === stamp) return key;

  const now = timeOfDisk();
  const hash = createHash("sha256");
  for (const path of paths)
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(ROOT, path)))
      .update("\0");
  const made = hash.digest("hex");
  // What was changed a moment ago may change again within the same time: its content is read until that has passed.
  const isSettled = states.every(
    ({ ctimeNs, mtimeNs }) => ctimeNs + GRANULE < now && mtimeNs + GRANULE < now,
  );
  if (now !== undefined && isSettled) attempt(() => replace(STAMP, `${made}\n${stamp}`));
  return made;
}

/** The time of the last change of a file, which writing its content sets in any case, and what else a change changes. */
function stampOf(paths, states) {
  return states
    .map(({ ino, size, mtimeNs, ctimeNs }, index) => `${paths[index]} ${ino} ${size} ${mtimeNs} ${ctimeNs}`)
    .join("\n");
}

function stored() {
  return attempt(() => readFileSync(join(ROOT, STAMP), "utf8")) ?? "";
}

/** What time it is for the disk that the sources are on, which may be another machine's. Undefined where nothing can be written. */
function timeOfDisk() {
  const path = join(ROOT, `${STAMP}.${process.pid}.tmp`);
  return attempt(() => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "");
    const { mtimeNs } = statSync(path, { bigint: true });
    rmSync(path);
    return mtimeNs;
  });
}

/** Saving time is worth no failure: a clone may be read-only. */
function attempt(step) {
  try {
    return step();
  } catch {
    return undefined;
  }
}

module.exports = { attempt, keyOfSources, sources };
