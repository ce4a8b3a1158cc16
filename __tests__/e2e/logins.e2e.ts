import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { homeWithoutLogins, withoutLogins } from "./support/logins";
import { recordingProxy, tryCommandBeside } from "./support/proxy";
import { commitAll, git, repository } from "./support/repository";
import { awsStage, homeVariables } from "./support/stage";
import { awsEnvironment, command, environment, workFolder } from "./support/terraform";

const MIRROR = `provider_installation {
  filesystem_mirror {
    path    = "/opt/mirror"
    include = ["registry.terraform.io/*/*"]
  }
  dev_overrides {
    "hashicorp/aws" = "/opt/aws"
  }
}`;

describe("the CLI configuration of a user keeps its mirror and loses its logins", () => {
  test.each([
    ["a block for each host", `credentials "app.terraform.io" {\n  token = "secret"\n}\n${MIRROR}\n`],
    [
      "blocks on a line",
      `${MIRROR} credentials "a" { token = "secret" } credentials_helper "b" { args = ["}"] }`,
    ],
    [
      "a brace in a comment",
      `# {\ncredentials "a" { // }\n  token = "secret" /* } */\n}\n${MIRROR}\n# token secret`,
    ],
    ["a brace in the token", `credentials "a" {\n  token = "secret}\\"}"\n}\n${MIRROR}`],
    [
      "quoted names and a brace on a line of its own",
      `"credentials" "a"\n{\n  token = "secret"\n}\n${MIRROR}`,
    ],
    ["an assignment", `credentials = { a = { token = "secret" } }\n${MIRROR}\nunknown = "secret"`],
  ])("%s", (_, text) => {
    expect(withoutLogins(text)).toBe(`${MIRROR}\n`);
  });

  test("as JSON", () => {
    const mirror = {
      provider_installation: { direct: {} },
      plugin_cache_dir: "$HOME/.terraform.d/plugin-cache",
    };
    const text = JSON.stringify({ credentials: { "app.terraform.io": { token: "secret" } }, ...mirror });
    expect(JSON.parse(withoutLogins(text))).toStrictEqual(mirror);
  });
});

/** A user who is logged in to Terraform Cloud in every way there is. */
function loggedInUser(): NodeJS.ProcessEnv {
  const home = workFolder();
  mkdirSync(join(home, ".terraform.d"));
  const token = { token: "planted" };
  const file = JSON.stringify({ credentials: { "app.terraform.io": token } });
  writeFileSync(join(home, ".terraform.d/credentials.tfrc.json"), file);
  // The providers come from where they come from in this run.
  const known = homeVariables()["TF_CLI_CONFIG_FILE"];
  const installation = known ? readFileSync(known, "utf8") : "";
  const config = join(home, "own.tfrc");
  writeFileSync(config, `credentials "app.terraform.io" {\n  token = "planted"\n}\n${installation}`);
  return {
    HOME: home,
    ...(known && { TF_CLI_CONFIG_FILE: config }),
    TF_TOKEN_app_terraform_io: "planted",
    TF_CLOUD_ORGANIZATION: "planted",
    TF_CLOUD_HOSTNAME: "app.terraform.io",
  };
}

test("a home of the tests has no login of the user's", () => {
  const { HOME = "", ...env } = loggedInUser();
  const folder = workFolder();
  const home = homeWithoutLogins(folder, { home: HOME, env });
  const said = command(folder, "sh", ["-c", 'cat "$TF_CLI_CONFIG_FILE"; find "$HOME" -name "credentials*"'], {
    ...environment(),
    ...home,
  });
  expect(said).not.toMatch(/planted|credentials/);
});

describe.skipIf(awsStage().reason)("a project that has committed roots of Terraform Cloud", () => {
  test("is tested without a request that leaves this machine", async () => {
    const folder = repository();
    for (const name of ["example-aws", "example-kubernetes"]) {
      const file = join(folder, "cdktf.out/stacks", name, "cdk.tf.json");
      const { terraform, data, ...rest } = JSON.parse(readFileSync(file, "utf8"));
      const { backend, ...others } = terraform;
      const cloud = { hostname: "app.terraform.io", organization: "planted", workspaces: { name } };
      const state = { backend: "remote", config: { ...cloud, workspaces: { name: "example-aws" } } };
      const states = data && { data: { terraform_remote_state: { example_aws: state } } };
      writeFileSync(file, JSON.stringify({ terraform: { ...others, cloud }, ...states, ...rest }));
    }
    // Here it is a link, which the line for a folder does not match.
    appendFileSync(join(folder, ".gitignore"), "node_modules\n");
    git(folder, "rm", "--quiet", "--cached", "node_modules");
    commitAll(folder);

    const proxy = await recordingProxy();
    const user = awsEnvironment({ ...loggedInUser(), ...proxy.env });
    // What would happen to a user who is logged in.
    const init = [`-chdir=${join(folder, "cdktf.out/stacks/example-aws")}`, "init", "-no-color"];
    await tryCommandBeside(folder, "terraform", init, user);
    expect(proxy.requests).toContain("app.terraform.io:443");
    const before = proxy.requests.length;

    const suite = ["vitest", "run", "--project", "e2e", "__tests__/e2e/deploy.e2e.ts"];
    const tests = ["-t", "refuses a wrong value"];
    const report = join(workFolder(), "report.json");
    const { output } = await tryCommandBeside(
      folder,
      "npx",
      [...suite, ...tests, "--reporter=json", `--outputFile.json=${report}`],
      { ...user, TF_WORKSPACE: "planted" },
    );
    const results = JSON.parse(readFileSync(report, "utf8"));
    expect(results, output).toMatchObject({ numFailedTests: 0, success: true });
    expect(results.numPassedTests).toBe(1);
    expect(proxy.requests.slice(before)).toStrictEqual([]);
    // A suite within the suite.
  }, 900_000);
});
