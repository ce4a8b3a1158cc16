import type { Rules } from "../../network/rules";
import type { ModuleRequirement } from "../../synth/contract";

/** Which rules carry which requirement, for a module's document. */
export function requirementsOf(
  requirements: Readonly<Record<string, string>>,
  rules: Rules<string>,
): ModuleRequirement[] {
  return Object.entries(requirements).map(([key, requirement]) => ({
    key,
    requirement,
    resources: Object.entries(rules)
      .filter(([, rule]) => rule.requirement === key)
      .map(([name]) => name),
  }));
}
