/**
 * `npm run release -- VERSION [--dry-run]`: tags a version, packs it, and proves that Terraform fetches every module by
 * `?ref=` of the tag. Pushes and publishes nothing. With --dry-run, and after a failure, no tag and no archive is left.
 */
const { execFileSync, spawnSync } = require("node:child_process");
const { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");

const STACKS = "cdktf.out/stacks";
const TERRAFORM = process.env.TERRAFORM_BINARY_NAME || "terraform";

class Problem extends Error {}

/** What a command prints; its messages go to standard error. */
function output(command, args, options = {}) {
  const { status, stdout, error } = spawnSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  if (error)
    throw new Problem(`${command} cannot be started (${error.message}): install it, or put it on the PATH`);
  if (status !== 0) throw new Problem(`${[command, ...args].join(" ")} failed with exit code ${status}`);
  return stdout;
}

const git = (...args) => output("git", args).trimEnd();

/** Everything that is wrong before anything is done. */
function problemsOf(version, tag) {
  const { version: declared } = JSON.parse(readFileSync("package.json", "utf8"));
  const heading = readFileSync("CHANGELOG.md", "utf8")
    .split("\n")
    .find((line) => line === `## ${version}` || line.startsWith(`## ${version} `));
  const changes = git("status", "--porcelain");
  return [
    ...(declared === version
      ? []
      : [
          `package.json has version ${declared}, not ${version}: run npm version ${version} --no-git-tag-version`,
        ]),
    ...(heading === undefined ? [`CHANGELOG.md has no section "## ${version} — DATE": add it`] : []),
    ...(heading !== undefined && !/ \d{4}-\d{2}-\d{2}$/.test(heading)
      ? [`CHANGELOG.md says "${heading}": end it with the date of the release, such as 2030-01-31`]
      : []),
    ...(git("tag", "--list", tag) === "" ? [] : [`tag ${tag} already exists: choose another version`]),
    ...(changes === "" ? [] : [`the working tree has changes; commit or stash them:\n${changes}`]),
  ];
}

/** Modules have a document, roots have none. */
function modulesAt(tag) {
  const files = git("ls-tree", "-r", "--name-only", tag, "--", STACKS).split("\n");
  const names = files.flatMap((file) => /^cdktf\.out\/stacks\/([^/]+)\/README\.md$/.exec(file)?.[1] ?? []);
  if (names.length === 0) throw new Problem(`${tag} has no module in ${STACKS}`);
  return names;
}

/** Fetches every module as its users do, and compares what arrives with what the tag has. */
function checkModules(tag) {
  const names = modulesAt(tag);
  const repository = pathToFileURL(git("rev-parse", "--show-toplevel")).href;
  const folder = mkdtempSync(join(tmpdir(), "eks-pod-security-groups-release-"));
  try {
    const source = (name) => `git::${repository}//${STACKS}/${name}?ref=${tag}`;
    const calls = names.map((name) => `module "${name}" {\n  source = "${source(name)}"\n}\n`);
    writeFileSync(join(folder, "main.tf"), calls.join("\n"));
    output(TERRAFORM, ["get"], { cwd: folder });
    const { Modules } = JSON.parse(readFileSync(join(folder, ".terraform/modules/modules.json"), "utf8"));
    for (const name of names) {
      const dir = Modules.find(({ Key }) => Key === name)?.Dir;
      if (dir === undefined) throw new Problem(`${TERRAFORM} did not fetch ${source(name)}`);
      const fetched = readFileSync(join(folder, dir, "cdk.tf.json"), "utf8");
      const tagged = execFileSync("git", ["show", `${tag}:${STACKS}/${name}/cdk.tf.json`], {
        encoding: "utf8",
      });
      if (fetched !== tagged) throw new Problem(`${source(name)} is not what ${tag} has`);
    }
    return names.length;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const archives = () => readdirSync(".").filter((name) => name.endsWith(".tgz"));

function release(version, isDryRun) {
  const tag = `v${version}`;
  const problems = problemsOf(version, tag);
  if (problems.length > 0) throw new Problem(problems.join("\n"));
  const before = archives();
  const created = () => archives().filter((name) => !before.includes(name));
  let isDone = false;
  try {
    output("npm", ["run", "--silent", "synth"]);
    const changes = git("status", "--porcelain");
    if (changes !== "") throw new Problem(`npm run synth changes the output; commit it:\n${changes}`);
    git("tag", "--annotate", tag, "--message", `Version ${version}`);
    output("npm", ["run", "--silent", "package"]);
    const [archive] = created();
    if (archive === undefined)
      throw new Problem("npm run package wrote no new .tgz: remove the old one first");
    const number = checkModules(tag);
    isDone = !isDryRun;
    console.log(`${tag}: ${archive}, and ${number} modules that ${TERRAFORM} fetches by ?ref=${tag}.`);
    console.log(isDryRun ? "Dry run: the tag and the archive are removed." : `Next: git push origin ${tag}`);
  } finally {
    if (!isDone) {
      if (git("tag", "--list", tag) !== "") git("tag", "--delete", tag);
      for (const name of created()) rmSync(name);
    }
  }
}

const args = process.argv.slice(2);
const [version, ...others] = args.filter((arg) => arg !== "--dry-run");
try {
  if (version === undefined || others.length > 0 || !/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version)) {
    throw new Problem("usage: npm run release -- VERSION [--dry-run], with a version such as 1.2.3");
  }
  release(version, args.includes("--dry-run"));
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
