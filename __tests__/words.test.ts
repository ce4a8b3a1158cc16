import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PAGES } from "./support/pages";
import { PROJECT } from "./support/project";

/** Phrases that readers stumbled over, and what to write in their place. */
const PHRASES: readonly (readonly [phrase: RegExp, instead: string])[] = [
  [/\bboth halves\b/i, "the egress and the ingress rule"],
  [/\badmit(s|ted)?\b/i, "allow"],
  [/\blets? out\b/i, "has an egress rule"],
  [/\b(is|are) refused\b|\brefuses?\b/i, "rejects, fails with, must not"],
  [/\bwithout a word\b/i, "silently"],
  [/\bwhen synthesizing\b/i, "in synthesis, or: synthesis fails"],
  [/\bin the (enforcing )?mode `?(strict|standard)\b/i, "in strict mode"],
  [/\b(pods|nodes|database)'s? (security )?groups?\b/i, "the pod, node or database security group"],
  [/\bsaid again\b|\bis there already\b|\bas it stands there\b/i, "already exists, again, as it is"],
  [
    /^## (Call it|What comes of it|Worth knowing|See that it works)$/m,
    "Usage, Generated Terraform, Notes, Test it in the cluster",
  ],
];

/** Every text for readers: the pages, and the documents of the modules. The words of the checks are in docs/checks.md. */
const TEXTS = [
  ...PAGES,
  ...readdirSync(join(PROJECT, "cdktf.out/stacks"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("README.md"))
    .map((path) => `cdktf.out/stacks/${path.replaceAll("\\", "/")}`),
];

test.each(TEXTS)("%s has none of the phrases that must not come back", (path) => {
  const text = readFileSync(join(PROJECT, path), "utf8");
  const found = PHRASES.flatMap(([phrase, instead]) => {
    const match = phrase.exec(text);
    if (match === null) return [];
    const line = text.slice(0, match.index).split("\n").length;
    return [`${path}:${line} "${match[0]}": write ${instead}`];
  });
  expect(found).toStrictEqual([]);
});
