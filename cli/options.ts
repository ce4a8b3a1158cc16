import type { EnforcingMode } from "../network/cni";
import { SEVERITIES } from "../verify/checks/order";
import { FORMATS } from "../verify/report";

/** What an option takes, and what is said of it. */
export interface Option {
  /** One letter that means the same. */
  readonly short?: string;
  /** How the help calls its value. Without one it is a switch. */
  readonly value?: string;
  /** The values that it accepts. */
  readonly accepts?: readonly string[];
  readonly mayRepeat?: true;
  /** What PATH must be then: one of them alone. */
  readonly goesWith?: string;
  /** How a value begins that goes with any PATH all the same. */
  readonly freeWith?: string;
  /** That the configuration file may have it; a path in there is relative to the file. */
  readonly inFile?: "path" | "format and path" | "namespace and path" | "as given";
  readonly words: string;
}

const MODES = ["strict", "standard"] as const satisfies readonly EnforcingMode[];
const LIMITS = [...SEVERITIES, "never"] as const;

/**
 * The options of all commands by their names: what is parsed, checked, said in the help and completed in a shell follows
 * from an entry and from its name in the `options` of a command (`commands.ts`). docs/verify.md explains each; a test holds
 * that none is missing there.
 */
export const OPTIONS = {
  flows: { value: "FILE", goesWith: "one PATH", words: "the flows to check, in place of PATH/flows.yaml" },
  recursive: {
    inFile: "as given",
    short: "r",
    words:
      "searches PATH for roots even if it holds Terraform itself; one that holds none is searched in any case",
  },
  exclude: {
    inFile: "as given",
    value: "GLOB",
    mayRepeat: true,
    words:
      "folders that the search leaves out, relative to PATH: examples, **/test; may be given several times",
  },
  "var-file": {
    inFile: "path",
    value: "FILE",
    mayRepeat: true,
    words: "values of variables, as for Terraform; may be given several times",
  },
  tofu: {
    inFile: "as given",
    words:
      "reads folders as OpenTofu does: *.tofu files, too; those without any *.tf are read so in any case",
  },
  config: {
    value: "DIR",
    goesWith: "one plan as PATH",
    words: "for a plan: its configuration, which knows the references",
  },
  manifests: {
    inFile: "namespace and path",
    value: "PATH",
    mayRepeat: true,
    words:
      "Kubernetes manifests that stand beside PATH: a file, a folder or -; NAMESPACE=PATH for what names no namespace; may be " +
      "given several times",
  },
  render: {
    inFile: "as given",
    words:
      "renders folders of --manifests with a kustomization.yaml or a Chart.yaml by the kubectl or helm on the PATH, without a network",
  },
  expect: {
    inFile: "as given",
    words:
      "what workloads need counts even without --manifests: those that Terraform applies, such as kubernetes_deployment_v1",
  },
  group: {
    value: "NAME=ADDRESS",
    mayRepeat: true,
    words:
      "a placeholder or an id in the manifests, and the group that is meant, as under groups in flows.yaml; may be given several times",
  },
  mode: {
    inFile: "as given",
    value: "MODE",
    accepts: MODES,
    words: `${MODES.join(" or ")}: the CNI's enforcing mode; default: from flows.yaml, else the CNI, else strict`,
  },
  format: {
    inFile: "as given",
    value: "FORMAT",
    accepts: FORMATS,
    words: `${FORMATS.join(", ")}; of a question text or json`,
  },
  output: {
    inFile: "format and path",
    value: "FORMAT=FILE",
    mayRepeat: true,
    words: "writes the same report to files as well: sarif=a.sarif,markdown=b.md; may be given several times",
  },
  base: {
    inFile: "path",
    value: "PATH",
    goesWith: "one PATH",
    freeWith: "git:",
    words:
      "what PATH was before, or git:REF, the revision of its git repository (git:origin/main): adds which flows open, close or " +
      "change their rules",
  },
  "base-manifests": {
    value: "PATH",
    mayRepeat: true,
    words: "the manifests as they were, for --base PATH; git:REF has its own",
  },
  fix: {
    value: "FILE",
    goesWith: "one PATH",
    words:
      "writes the rules that broken flows lack into a new file of the folder, and says what is left to do",
  },
  "fail-on": {
    inFile: "as given",
    value: "SEVERITY",
    accepts: LIMITS,
    words: `${SEVERITIES.join(", ")} or never: findings from here on make the exit code 1; default: error`,
  },
  check: {
    inFile: "as given",
    value: "CHECK",
    mayRepeat: true,
    words: "runs only this check; may be given several times, or several with commas",
  },
  "skip-check": {
    inFile: "as given",
    value: "CHECK",
    mayRepeat: true,
    words: "runs all checks but this one; may be given several times, or several with commas",
  },
  known: {
    inFile: "path",
    value: "FILE",
    words: "what is known to be wrong: only what is not in FILE makes the exit code 1; see --update-known",
  },
  "update-known": {
    words: "writes what is found to the FILE of --known: adds what is new, removes what is no longer found",
  },
  "no-assumptions": {
    inFile: "as given",
    words: "a flow that holds only if something else is true makes the exit code 1 too",
  },
  settings: {
    value: "FILE",
    words:
      "the configuration file; default: eks-pod-security-groups.yaml here, else above in the repository; none: no file",
  },
  all: {
    inFile: "as given",
    words:
      "lists the flows that hold and what is known, too, and tells suppressed findings in full; for text",
  },
  init: {
    words:
      "writes PATH/flows.yaml with what the rules allow today, and what the pods need and lack; see init --help",
  },
  into: {
    value: "FOLDER",
    words:
      "the folder that adopt writes to: the root of the state, or a new one; what is in it is not overwritten",
  },
  import: {
    words:
      "another root imports the objects, although the folder of the configuration is given, which tells blocks of groups from rules " +
      "that others made",
  },
  "dry-run": { words: "says what would be written, and writes nothing" },
  answer: {
    value: "QUESTION=VALUE",
    mayRepeat: true,
    words:
      "answers what adopt asks where the data does not say it: nodes.sg-0a1b=sg-2c3d, or nodes=sg-2c3d for all alike; may be given " +
      "several times",
  },
  answers: { value: "FILE", words: "the same as a file of YAML with lines QUESTION: VALUE" },
  accept: {
    value: "WHAT",
    mayRepeat: true,
    words:
      "what adopt takes although it differs: tags and descriptions become the modules' own, and each such change in place is listed; " +
      "drift=live or drift=configuration says which side of a drift is right; may be given several times, or several with commas",
  },
  rules: {
    value: "[GROUP=]FORM",
    mayRepeat: true,
    words:
      "the form that rules get: per-rule, classic, inline, or keep (the default); for all groups, or for one by its name, address " +
      "or id; may be given several times",
  },
  "check-plan": {
    words:
      "each PATH is a plan of an adoption as JSON: fails if one of them does more than to import and move",
  },
  undo: {
    words:
      "with --check-plan: the plans may forget groups and rules that nobody imports, as the undo of an adoption of groups in no state does",
  },
  outdir: { value: "DIR", words: "where to write; default: cdktf.out" },
  quiet: { short: "q", words: "prints only what is wrong" },
  help: { short: "h", words: "what the command does, and its options" },
  version: { short: "V", words: "the version of this program" },
} as const satisfies Readonly<Record<string, Option>>;

export type OptionName = keyof typeof OPTIONS;

/** What is given for each option: a text, or several, or that a switch is given. */
export type Values = {
  readonly [Name in OptionName]?: (typeof OPTIONS)[Name] extends { readonly mayRepeat: true }
    ? readonly string[]
    : (typeof OPTIONS)[Name] extends { readonly accepts: readonly (infer Accepted)[] }
      ? Accepted
      : (typeof OPTIONS)[Name] extends { readonly value: string }
        ? string
        : true;
};

/** An option by its name, with all that any may have. */
export function optionOf(name: OptionName): Option {
  return OPTIONS[name];
}
