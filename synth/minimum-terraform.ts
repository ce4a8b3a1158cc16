import type { TerraformStack } from "cdktf";
import { ModuleCall } from "./module-call";
import { PlainStack } from "./stack";

/** What every stack needs: variables that are not nullable. */
export const OLDEST_TERRAFORM = "1.1";

/**
 * The oldest Terraform that has everything a stack and the modules that it calls use, such as `1.3`: where that is not
 * said by the root, Terraform names the module, and not before `init` has fetched it.
 *
 * @param stackOf the stack of a name in the same app; of one that is not there its contract is asked
 */
export function minimumTerraformOf(
  stack: PlainStack,
  stackOf: (name: string) => TerraformStack | undefined,
  callers: readonly PlainStack[] = [],
): string {
  const calls = stack.node.findAll().filter((element) => element instanceof ModuleCall);
  const versions = calls.map(({ contract, stackName }) => {
    const called = stackOf(stackName);
    // Modules in a circle are Terraform's to refuse.
    return called instanceof PlainStack && called !== stack && !callers.includes(called)
      ? minimumTerraformOf(called, stackOf, [...callers, stack])
      : (contract.minimumTerraform ?? OLDEST_TERRAFORM);
  });
  return versions.reduce(newer, stack.minimumTerraform);
}

/** The newer of two versions. */
function newer(one: string, other: string): string {
  const [a, b] = [one, other].map((version) => version.split(".").map(Number));
  const difference = [0, 1, 2]
    .map((index) => (b?.[index] ?? 0) - (a?.[index] ?? 0))
    .find((part) => part !== 0);
  return (difference ?? 0) > 0 ? other : one;
}
