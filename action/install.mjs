/** Installs the command from the tarball that the action is given, or from the release that the action itself is of. */
import { join } from "node:path";
import { annotate, output } from "./github.mjs";
import { install, PROGRAM, releaseTarball } from "./tarball.mjs";

const { TARBALL, ACTION_REPOSITORY, GITHUB_REPOSITORY, GITHUB_SERVER_URL, RUNNER_TEMP } = process.env;
// The action of the workflow's own repository (`uses: ./`) has no repository of its own.
const repository = `${GITHUB_SERVER_URL}/${ACTION_REPOSITORY || GITHUB_REPOSITORY}`;
try {
  output({ command: install(TARBALL || releaseTarball(repository), join(RUNNER_TEMP, PROGRAM)) });
} catch (error) {
  annotate("error", error.message);
  process.exitCode = 1;
}
