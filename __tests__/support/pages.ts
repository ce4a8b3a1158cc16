import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "./project";

/** The pages for readers, by their paths in the project. */
export const PAGES: readonly string[] = [
  ...["README.md", "CONTRIBUTING.md", "SECURITY.md", "examples/README.md"].filter((path) =>
    existsSync(join(PROJECT, path)),
  ),
  ...readdirSync(join(PROJECT, "docs"), { recursive: true, encoding: "utf8" })
    .map((path) => `docs/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".md"))
    .sort(),
];

export const pageText = (page: string) => readFileSync(join(PROJECT, page), "utf8");

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  /** Where its fence begins. */
  readonly line: number;
  readonly language: string;
  /** Its lines, each with its newline, without the indentation of a list. */
  readonly text: string;
  /** The file that the text before it names: a paragraph that ends in "`NAME`:". */
  readonly file?: string;
  /** Why no test runs it: `<!-- not run: REASON -->` on the line before it. */
  readonly notRun?: string;
}

/**
 * The fenced blocks of a Markdown text, in their order.
 *
 * @throws if a fence is not closed
 */
export function blocksOf(text: string, page = ""): Block[] {
  const blocks: Block[] = [];
  const lines = text.split("\n");
  for (let index = 0; index < lines.length; index += 1) {
    const [, indent = "", fence = "", language = ""] =
      /^( *)(`{3,}|~{3,})(\S*)/.exec(lines[index] ?? "") ?? [];
    if (fence === "") continue;
    const end = lines.findIndex((line, at) => at > index && line.trim() === fence);
    if (end === -1) throw new Error(`${page}:${index + 1}: the fence is not closed`);
    const before = lines.slice(0, index).filter((line) => line.trim() !== "");
    const notRun = /^ *<!-- not run: (.+) -->$/.exec(lines[index - 1] ?? "")?.[1];
    const file = /`([^`]+)`:$/.exec(before.at(notRun === undefined ? -1 : -2) ?? "")?.[1];
    blocks.push({
      page,
      line: index + 1,
      language,
      text: lines
        .slice(index + 1, end)
        .map((line) => `${line.startsWith(indent) ? line.slice(indent.length) : line}\n`)
        .join(""),
      ...(file !== undefined && { file }),
      ...(notRun !== undefined && { notRun }),
    });
    index = end;
  }
  return blocks;
}

export const BLOCKS: readonly Block[] = PAGES.flatMap((page) => blocksOf(pageText(page), page));

/** The commands of a console block, each with what it prints. */
export function commandsOf({ text }: Block): { command: string; output: string }[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = "", ...output] = part.split("\n");
      return { command, output: output.join("\n") };
    });
}

/** Who runs the blocks of one kind. */
interface Run {
  readonly what: string;
  /** The test that runs them: it takes them from `blocksFor`. */
  readonly test: string;
  readonly takes: (block: Block) => boolean;
}

const only = (block: Block, command: RegExp) => commandsOf(block).every((one) => command.test(one.command));

/** Who runs which blocks. A block is run by the first that takes it. */
export const RUNS = {
  install: {
    what: "npm finds packages that go together, with the packed package",
    test: "__tests__/e2e/typescript.e2e.ts",
    takes: ({ language, text, page }) =>
      ["docs/typescript.md", "examples/README.md"].includes(page) &&
      language === "sh" &&
      text.includes(".tgz"),
  },
  typed: {
    what: "runs in a folder with what the page has written so far and the packed package, on AWS's emulator",
    test: "__tests__/e2e/typescript.e2e.ts",
    takes: ({ language, page }) => language === "sh" && page === "docs/typescript.md",
  },
  project: {
    what: "is written where the commands of the page run",
    test: "__tests__/e2e/typescript.e2e.ts",
    takes: ({ language, page }) => language === "json" && page === "docs/typescript.md",
  },
  synth: {
    what: "what synthesis says of the committed output is compared",
    test: "__tests__/committed-output.test.ts",
    takes: (block) => block.language === "console" && only(block, /^npm ci && npm run synth$/),
  },
  gate: {
    what: "the gate runs it before every change",
    test: ".ci/run",
    takes: ({ language, text }) => language === "console" && text === "$ npm test\n",
  },
  adoption: {
    what: "files are written and commands run in the order of the page, on AWS's emulator; what they print is compared",
    test: "__tests__/e2e/adopt-page.e2e.ts",
    takes: ({ language, page, file }) =>
      page === "docs/adopt.md" && (language === "console" || (language === "hcl" && file !== undefined)),
  },
  walk: {
    what: "files are written and commands run in the order of the page; what they print is compared",
    test: "__tests__/verify/document.test.ts",
    takes: (block) =>
      block.language === "console"
        ? only(block, /^(npm run verify --|npx (ekspsg|eks-pod-security-groups)|cat) /)
        : ["docs/manifests.md", "docs/verify.md"].includes(block.page) && block.file !== undefined,
  },
  suppressed: {
    what: "the verifier finds what the block suppresses",
    test: "__tests__/verify/document.test.ts",
    takes: ({ language, text }) => language === "hcl" && text.includes("eks-pod-security-groups:ignore"),
  },
  "flows.yaml": {
    what: "is read as (a part of) flows.yaml",
    test: "__tests__/verify/document.test.ts",
    takes: ({ language, text }) => language === "yaml" && /^(format|flows|suppress|endpoints):/.test(text),
  },
  settings: {
    what: "is read as the command's configuration file",
    test: "__tests__/verify/document.test.ts",
    takes: ({ language, text }) => language === "yaml" && text.startsWith("paths:"),
  },
  functions: {
    what: "is compared with the functions that the verifier knows",
    test: "__tests__/verify/document.test.ts",
    takes: ({ language, page }) => language === "text" && page === "docs/verify.md",
  },
  mirror: {
    what: "Terraform takes it as its CLI configuration, and installs a provider from such a folder",
    test: "__tests__/e2e/mirror.e2e.ts",
    takes: ({ language, text }) => language === "hcl" && text.startsWith("provider_installation"),
  },
  terraform: {
    what: "Terraform validates all blocks of a page as one configuration, and would format them alike",
    test: "__tests__/e2e/pages.e2e.ts",
    takes: ({ language }) => language === "hcl",
  },
  pipelines: {
    what: "is part of an example, which public tools check and whose scripts run",
    test: "__tests__/ci.test.ts",
    takes: ({ language, page }) => language === "yaml" && page === "docs/ci.md",
  },
  manifest: {
    what: "is compared with what the page's call gives",
    test: "__tests__/e2e/pages.e2e.ts",
    takes: ({ language, page }) => language === "yaml" && page === "docs/policies.md",
  },
  cdktn: {
    what: "npm installs it beside the packed package, and the tests of synthesis run on it",
    test: "__tests__/e2e/cdktn.e2e.ts",
    takes: ({ language, page }) => language === "json" && page === "docs/versions.md",
  },
  values: {
    what: "is compared with the variables of the root that the file is named after",
    test: "__tests__/pages.test.ts",
    takes: ({ language, file = "" }) => language === "json" && file.endsWith(".tfvars.json"),
  },
  synthesized: {
    what: "is found in what is synthesized",
    test: "__tests__/pages.test.ts",
    takes: ({ language }) => language === "json",
  },
  stacks: {
    what: "takes the place of a stack of `main.ts`, which then is synthesized",
    test: "__tests__/pages.test.ts",
    takes: ({ language, text }) => language === "ts" && text.startsWith('"'),
  },
  compiled: {
    what: "the compiler accepts it against the package, as its users have it",
    test: "__tests__/e2e/package.e2e.ts",
    takes: ({ language }) => language === "ts",
  },
  drawing: {
    what: "its arrows are compared with what the lint allows",
    test: "__tests__/rooms.test.ts",
    takes: ({ language, page }) => language === "mermaid" && page === "docs/architecture.md",
  },
  package: {
    what: "runs in an empty folder with the packed package",
    test: "__tests__/e2e/package.e2e.ts",
    takes: ({ language, text }) => language === "sh" && text.includes(".tgz"),
  },
  deploy: {
    what: "runs in a clone, with the values of the page, on AWS's emulator",
    test: "__tests__/e2e/deploy.e2e.ts",
    takes: ({ language, page }) => language === "sh" && page === "docs/deploy.md",
  },
  cloud: {
    what: "runs in a project whose root is in Terraform Cloud, on a server of its API",
    test: "__tests__/e2e/terraform-cloud.e2e.ts",
    takes: ({ language, page }) => language === "sh" && page === "docs/terraform-cloud.md",
  },
  shell: {
    what: "runs in a folder with what the page has written so far",
    test: "__tests__/e2e/shell.e2e.ts",
    takes: ({ language, page }) => language === "sh" && page === "docs/verify.md",
  },
  dump: {
    what: "kubectl runs it on a real API server, whose objects are judged; its kinds are compared with those that are read",
    test: "__tests__/e2e/live.e2e.ts",
    takes: ({ language, page }) => language === "sh" && page === "docs/manifests.md",
  },
  cluster: {
    what: "kubectl runs it, on an API with a node and two pods",
    test: "__tests__/e2e/shell.e2e.ts",
    takes: ({ language, text }) => language === "sh" && /^kubectl .*get /.test(text),
  },
  rules: {
    what: "names the rules of a state that Terraform has made",
    test: "__tests__/e2e/pages.e2e.ts",
    takes: ({ language, page }) => language === "sh" && page === "docs/rules.md",
  },
} as const satisfies Readonly<Record<string, Run>>;

export type RunName = keyof typeof RUNS;

/** Who runs a block, if anybody does. */
export function runOf(block: Block): RunName | undefined {
  if (block.notRun !== undefined) return undefined;
  const found = Object.entries<Run>(RUNS).find(([, { takes }]) => takes(block));
  return found?.[0] as RunName | undefined;
}

/** The blocks that a test has to run, in the order of the pages; of one page, if it is named. */
export function blocksFor(name: RunName, page?: string): Block[] {
  return BLOCKS.filter((block) => runOf(block) === name && (page === undefined || block.page === page));
}

/** The pages with blocks that a test has to run. */
export const pagesFor = (name: RunName) => [...new Set(blocksFor(name).map(({ page }) => page))];

/** A module's address as pages write it: in a folder beside the caller, or in a git repository. */
const SOURCE = /"(?:\.\/modules\/|git::[^"]*\/\/cdktf\.out\/stacks\/)([a-z-]+)(?:\?ref=[^"]*)?"/g;

/** Terraform with the modules of another folder as sources. */
export const withModules = (hcl: string, stacks: string) =>
  hcl.replace(SOURCE, (_, name: string) => JSON.stringify(join(stacks, name)));

/** The HCL of a page as one configuration: a file for each block, with the committed modules in a folder as sources. */
export function configurationIn(page: string, stacks: string): Record<string, string> {
  return Object.fromEntries(
    blocksFor("terraform", page).map(({ text }, index) => [
      `block-${index + 1}.tf`,
      withModules(text, stacks),
    ]),
  );
}
