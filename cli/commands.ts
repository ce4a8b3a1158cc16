import type { Command } from "./model";
import type { OptionName } from "./options";

const EVERYWHERE = ["quiet", "help"] as const satisfies readonly OptionName[];
/** What says something of the file that `init` writes. */
const OF_INIT = [
  "var-file",
  "tofu",
  "manifests",
  "render",
  "mode",
  ...EVERYWHERE,
] as const satisfies readonly OptionName[];

const INPUT =
  "a folder of Terraform configuration, a plan or a state as JSON (terraform show -json), a state as Terraform keeps it " +
  "(terraform.tfstate), or - for standard input";

/** The commands by their names. A new one is an entry here and its file in `commands/`. */
export const COMMANDS = {
  verify: {
    words: "proves which flows work, and which rule is missing, before anything is applied",
    operand: {
      name: "[PATH…]",
      words:
        `${INPUT}. Default: every stack in cdktf.out/stacks (one that another calls as a module is verified there), or, where ` +
        "there are none, the working directory. A folder that has no Terraform itself is searched for roots",
    },
    options: [
      "recursive",
      "exclude",
      "flows",
      "var-file",
      "tofu",
      "config",
      "manifests",
      "render",
      "expect",
      "group",
      "mode",
      "format",
      "output",
      "base",
      "base-manifests",
      "fix",
      "fail-on",
      "no-assumptions",
      "check",
      "skip-check",
      "known",
      "update-known",
      "settings",
      "all",
      "init",
      ...EVERYWHERE,
    ],
    narrowed: {
      by: "init",
      to: OF_INIT,
      words: "has no effect on the PATH/flows.yaml that --init writes: leave one of the two out",
    },
    examples: [
      ["verify infra", "a folder of Terraform"],
      ["verify infra --manifests k8s", "Terraform together with Kubernetes manifests"],
      ["verify . --exclude examples", "every root of a repository, in one report"],
      ["verify infra --output sarif=a.sarif,markdown=b.md", "one run, several reports"],
      ["verify plan.json --config infra", "a plan, with the folder that it was made from"],
      ["verify infra --fix missing.tf", "writes the missing rules to infra/missing.tf"],
      ["verify infra --known known.yaml", "fails only for what is not in known.yaml"],
      ["verify . --base git:origin/main", "what a branch changes in every root"],
      ["verify infra --base ../main/infra --format markdown", "the comment of a pull request"],
    ],
    notes: [
      "Exit code 0: nothing is broken. 1: a flow is broken, or a finding reaches --fail-on. 2: the input could not be read, or it holds nothing to check.",
    ],
    load: () => import("./commands/verify.js"),
  },
  init: {
    words: "writes a first flows.yaml: what the rules allow today, and what the pods need and lack",
    operand: { name: "[PATH…]", words: "folders of Terraform configuration. Default: as for verify" },
    options: OF_INIT,
    examples: [["init infra", "writes infra/flows.yaml"]],
    notes: ["Exit code 0: every file was written. 2: none was, and the reason is printed."],
    load: () => import("./commands/init.js"),
  },
  adopt: {
    words: "takes security groups that run into this project's modules, without a change to them",
    operand: {
      name: "PATH…",
      words:
        "a state (terraform.tfstate, or what terraform show -json prints) and the folder of its configuration: groups and rules " +
        "move to module calls in that state. A folder alone: with the terraform.tfstate in it. A state alone, or --import: a new root imports " +
        "them, and the old one releases them. What aws ec2 describe-security-groups and describe-security-group-rules print, alone: a new " +
        "root imports groups that no state holds; beside a state they show drift, and describe-network-interfaces who carries a group. " +
        "With --check-plan: plans as JSON",
    },
    options: [
      "into",
      "import",
      "dry-run",
      "accept",
      "rules",
      "answer",
      "answers",
      "check-plan",
      "undo",
      "var-file",
      "tofu",
      ...EVERYWHERE,
    ],
    narrowed: {
      by: "check-plan",
      to: ["undo", ...EVERYWHERE],
      words: "has no effect on --check-plan: leave one of the two out",
    },
    examples: [
      ["adopt infra --into infra", "a root with its state in the folder"],
      ["adopt state.json infra --into infra", "a root, and what terraform state pull printed"],
      ["adopt state.json --into adopted", "a new root that imports what the state holds"],
      ["adopt infra --into infra --rules orders=per-rule", "the rules of one group in another form"],
      ["adopt groups.json rules.json --into adopted", "groups in no state, as aws ec2 describe-… lists them"],
      [
        "adopt infra groups.json rules.json --into infra",
        "what AWS lists beside a root: drift is shown first",
      ],
      ["adopt --check-plan plan.json", "whether a plan adopts and does nothing else"],
    ],
    notes: [
      "Exit code 0: all is taken over, or the plan only imports and moves. 1: the plan or a conversion of rules is rejected. 2: the input could not be read, or nothing was written. 3: written, but something is left that should have been taken over.",
    ],
    load: () => import("./commands/adopt.js"),
  },
  synth: {
    words: "writes the modules and the example roots as Terraform JSON",
    options: ["outdir", ...EVERYWHERE],
    examples: [["synth --outdir modules", "writes to the folder modules"]],
    notes: [
      "Exit code 0: the folder holds what the stacks say. 1: something is wrong with the stacks, and nothing was written. 2: a package is missing, or an option is wrong.",
    ],
    load: () => import("./commands/synth.js"),
  },
  explain: {
    words: "answers a question about a flow, or explains what a check looks for",
    operand: {
      name: "[CHECK]",
      words:
        "the id of a check that a finding names (without one, all are listed), or QUESTION [PATH]: a question and where to look for " +
        "the answer (default: as the configuration file says, else the working directory). Its ends are workloads, groups by address, name or id, CIDRs, internet, nodes or what " +
        "carries groups, such as a database",
      atMost: 2,
    },
    pathsIn: ([, ...paths]) => (paths.length === 0 ? ["."] : paths),
    options: [
      "flows",
      "var-file",
      "tofu",
      "config",
      "manifests",
      "render",
      "group",
      "mode",
      "format",
      "no-assumptions",
      "settings",
      ...EVERYWHERE,
    ],
    examples: [
      ["explain dead-rule", "the page of a check"],
      [
        `explain "orders -> database TCP 3306" infra --manifests k8s`,
        "does it get through, and by which rules",
      ],
      [`explain "internet -/-> database TCP 3306" infra`, "is it blocked"],
    ],
    notes: [
      "Exit code of a question 0: the answer is what was asked for. 1: it is not. 2: it was not understood.",
    ],
    load: () => import("./commands/explain.js"),
  },
  completion: {
    words: "writes what a shell runs to complete these commands, options and checks",
    operand: { name: "[SHELL]", words: "bash, zsh or fish", atMost: 1 },
    options: [...EVERYWHERE],
    examples: [
      ["completion bash >> ~/.bash_completion", "bash"],
      ["completion zsh >> ~/.zshrc", "zsh"],
      ["completion fish > ~/.config/fish/completions/ekspsg.fish", "fish"],
    ],
    load: () => import("./commands/completion.js"),
  },
} as const satisfies Readonly<Record<string, Command>>;

export type CommandName = keyof typeof COMMANDS;

export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[];

/** A command by its name, with all that any may have. */
export function commandOf(name: CommandName): Command {
  return COMMANDS[name];
}
