/** The licences of what the package brings along: of libraries that are built in, and of packages beside it. */
const { existsSync, readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const { ROOT } = require("./bundle.cjs");

/** Licences whose text a package leaves out, by what it says instead. */
const TEXTS = { "MPL-2.0": "build/licenses/MPL-2.0.txt" };

/**
 * Their names, versions, sources and licences, as text.
 *
 * @param inputs the paths of what is built in
 * @param bundled the names of packages that lie beside it
 * @throws Error for a package that does not say under which licence it is
 */
function licences(inputs, bundled) {
  const folders = [
    ...inputs.flatMap((path) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
    ...bundled.flatMap((name) => withTheirs(name)),
  ];
  const parts = [...new Set(folders)].sort().map(licenceOf);
  return `What this package brings along, and under which licence.\n\n${parts.join(`\n${"-".repeat(80)}\n\n`)}`;
}

/**
 * The folder of a package, and those of the packages that it needs.
 *
 * @param from the folder of the package that needs it, in whose `node_modules` and those around it lies
 */
function withTheirs(name, from = "") {
  const around = from
    .split("node_modules/")
    .map((_, index, parts) => parts.slice(0, index).join("node_modules/"));
  const places = [`${from}/`, ...around.reverse()].map((place) => join(place, "node_modules", name));
  const folder = places.find((place) => existsSync(join(ROOT, place)));
  if (!folder) throw new Error(`${name} is not installed`);
  const { dependencies = {} } = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
  return [folder, ...Object.keys(dependencies).flatMap((one) => withTheirs(one, folder))];
}

function licenceOf(folder) {
  const { name, version, license, repository } = JSON.parse(
    readFileSync(join(ROOT, folder, "package.json"), "utf8"),
  );
  const file = readdirSync(join(ROOT, folder)).find((one) => /^licen[cs]e/i.test(one));
  const path = file ? join(ROOT, folder, file) : TEXTS[license] && join(ROOT, TEXTS[license]);
  if (!license || !path) throw new Error(`${folder} does not say under which licence it is`);
  const source = (repository?.url ?? repository)
    .replace(/^(git@|git(\+(https|ssh))?:\/\/(git@)?)/, "https://")
    .replace(/^https:\/\/github.com:/, "https://github.com/")
    // npm's short form.
    .replace(/^(github:)?(?=[\w.-]+\/[\w.-]+$)/, "https://github.com/")
    .replace(/\.git$/, "");
  const within = repository.directory ? ` (${repository.directory})` : "";
  return `${name} ${version}\nLicence: ${license}\nSource: ${source}${within}\n\n${readFileSync(path, "utf8").trim()}\n`;
}

module.exports = { licences };
