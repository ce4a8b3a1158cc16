import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** Variables of the environment that hold a login, or that say where one or its workspace is. */
export const LOGINS =
  /^(TF_TOKEN_|TF_CLOUD_|TFE_|TF_WORKSPACE$|TF_CLI_CONFIG_FILE$|TERRAFORM_CONFIG$|XDG_CONFIG_HOME$)/;

/** What programs on the PATH may need of the user's home: mirrors of providers, and what version managers start them with. */
const LINKED = [
  ".terraform.d/plugins",
  ".local/share/terraform/plugins",
  ".local/share/opentofu/plugins",
  ".asdf",
  ".tool-versions",
  ".config/mise",
  ".local/share/mise",
  ".pyenv",
  ".tenv",
  ".tfenv",
];

/** What a kubeconfig may start to log in to a cluster beyond this machine, where the user asks for one. */
const CLUSTER_LOGINS = [".aws", ".azure", ".config/gcloud", ".kube"];

/** What of a CLI configuration says where providers come from. Everything else may lead to an account. */
const KEPT = [
  "provider_installation",
  "plugin_cache_dir",
  "plugin_cache_may_break_dependency_lock_file",
  "host",
];

/**
 * Makes a home for the programs that the tests start, in which nobody is logged in to Terraform Cloud or anything
 * else. Providers come from where the user's CLI configuration says.
 *
 * @param folder an empty folder, or one that is not there yet
 * @param user the user's home and environment
 * @returns the variables that lead there, to be set where `LOGINS` are dropped
 */
export function homeWithoutLogins(
  folder: string,
  user: { readonly home: string; readonly env: NodeJS.ProcessEnv } = { home: homedir(), env: process.env },
): Record<string, string> {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  mkdirSync(folder, { recursive: true });
  const isElsewhere = user.env["USE_EXISTING_CLUSTER"] === "true";
  for (const path of [...LINKED, ...(isElsewhere ? CLUSTER_LOGINS : [])]) {
    if (!existsSync(join(user.home, path))) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(user.home, path), join(folder, path));
  }

  const named = user.env["TF_CLI_CONFIG_FILE"] || user.env["TERRAFORM_CONFIG"];
  if (named) {
    write("terraform.tfrc", existsSync(named) ? withoutLogins(readFileSync(named, "utf8")) : "");
    return { HOME: folder, TF_CLI_CONFIG_FILE: join(folder, "terraform.tfrc") };
  }
  const more = existsSync(join(user.home, ".terraform.d"))
    ? readdirSync(join(user.home, ".terraform.d"))
    : [];
  const files = more.filter((name) => /\.tfrc(\.json)?$/.test(name)).map((name) => `.terraform.d/${name}`);
  for (const path of [".terraformrc", ".tofurc", ...files]) {
    if (existsSync(join(user.home, path)))
      write(path, withoutLogins(readFileSync(join(user.home, path), "utf8")));
  }
  return { HOME: folder };
}

/**
 * A CLI configuration without all that could be a login.
 *
 * @param text in Terraform's own syntax or as JSON, as in `.terraformrc` and the file of `TF_CLI_CONFIG_FILE`
 */
export function withoutLogins(text: string): string {
  if (text.trimStart().startsWith("{")) {
    const kept = Object.entries(JSON.parse(text)).filter(([name]) => KEPT.includes(name));
    return JSON.stringify(Object.fromEntries(kept), undefined, 2);
  }
  const kept = statements(text).filter(({ name }) => KEPT.includes(name));
  return kept.map((statement) => `${statement.text}\n`).join("");
}

/**
 * The statements at the top of a CLI configuration: `name "label" { … }` and `name = value`. Its syntax is that of
 * Terraform 0.11, in which a line's end means nothing and names may be quoted, so that a parser of today's refuses some.
 */
function statements(text: string): { name: string; text: string }[] {
  const token =
    /(?:#|\/\/).*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\])*"|<<-?(\w+)\n[\s\S]*?\n\s*\1$|[\w.-]+|[^\s\w]/gm;
  const tokens = [...text.matchAll(token)]
    .map((match) => ({ text: match[0], start: match.index, end: match.index + match[0].length }))
    .filter(({ text }) => !/^(#|\/\/|\/\*)/.test(text));
  const found: { name: string; text: string }[] = [];
  let depth = 0;
  let hasValue = false;
  let first: (typeof tokens)[number] | undefined;
  for (const one of tokens) {
    first ??= one;
    if (/^[{[]$/.test(one.text)) depth += 1;
    if (/^[}\]]$/.test(one.text)) depth -= 1;
    const isEnd = depth === 0 && (hasValue || /^[}\]]$/.test(one.text));
    hasValue = depth === 0 && one.text === "=";
    if (!isEnd) continue;
    found.push({ name: first.text.replaceAll('"', ""), text: text.slice(first.start, one.end) });
    first = undefined;
  }
  return found;
}
