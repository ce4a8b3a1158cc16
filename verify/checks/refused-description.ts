import { LIMITS } from "../../aws/limits";
import { rulesByAddress } from "../inventory/rule-index";
import type { Check, Observation } from "./check";

/** What AWS allows in descriptions and names of groups and in descriptions of rules. */
const ALLOWED = /^[a-zA-Z0-9 ._:/()#,@[\]+=&;{}!$*-]*$/;
const LONGEST = LIMITS.descriptionLength;

export const check: Check = {
  id: "refused-description",
  severity: "error",
  title: "AWS rejects a description or name",
  why: "Names and descriptions of groups and descriptions of rules have at most 255 characters of a-z, A-Z, 0-9, spaces and ._-:/()#,@[]+=&;{}!$*; a name must not start with sg-. Terraform checks part of this, and the rest fails during apply.",
  reference: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
  run: (context) => {
    const found: Observation[] = [];
    for (const { key, name, description, declaredAt: source } of context.inventory.groups.values()) {
      if (!source) continue;
      const problems = [...problemsOf("name", name), ...problemsOf("description", description)];
      if (name?.startsWith("sg-")) problems.push("the name starts with sg-, which AWS reserves for ids");
      if (problems.length > 0)
        found.push({ address: key, source, about: problems, message: message(key, problems) });
    }
    for (const [address, [rule]] of rulesByAddress(context.inventory)) {
      const problems = problemsOf("description", rule?.description);
      if (problems.length > 0)
        found.push({ address, source: rule?.source, about: problems, message: message(address, problems) });
    }
    return found;
  },
};

function problemsOf(what: string, text: string | undefined): string[] {
  if (text === undefined) return [];
  const problems: string[] = [];
  if (text.length > LONGEST) problems.push(`the ${what} has ${text.length} characters (at most ${LONGEST})`);
  if (!ALLOWED.test(text)) {
    const refused = [...new Set(text)].filter((character) => !ALLOWED.test(character));
    problems.push(`the ${what} contains ${refused.map((one) => JSON.stringify(one)).join(" ")}`);
  }
  return problems;
}

function message(address: string, problems: readonly string[]): string {
  return `AWS rejects ${address}: ${problems.join("; ")}. Use at most ${LONGEST} characters of a-z, A-Z, 0-9, spaces and ._-:/()#,@[]+=&;{}!$*.`;
}
