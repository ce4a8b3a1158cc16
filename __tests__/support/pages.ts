import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "./project";

/** The pages of `docs/` that explain one concept each. */
export const PAGES = ["data-services", "rules", "pod-to-pod", "policies", "cni", "baseline"] as const;

export type Page = (typeof PAGES)[number];

export const pageText = (page: Page) => readFileSync(join(PROJECT, "docs", `${page}.md`), "utf8");

/** The code blocks of a Markdown text in a language, in their order. */
export function blocksOf(markdown: string, language: string): string[] {
  const blocks = markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm);
  return [...blocks].filter(([, name]) => name === language).map(([, , content = ""]) => content);
}

export const blocksIn = (page: Page, language: string) => blocksOf(pageText(page), language);

/** The HCL of a page as one configuration: a file for each block, with the committed modules in a folder as sources. */
export function configurationIn(page: Page, stacks: string): Record<string, string> {
  const source = /"git::[^"]*\/\/cdktf\.out\/stacks\/([a-z-]+)\?ref=[^"]*"/g;
  return Object.fromEntries(
    blocksIn(page, "hcl").map((block, index) => [
      `block-${index + 1}.tf`,
      block.replace(source, (_, name: string) => JSON.stringify(join(stacks, name))),
    ]),
  );
}
