import { isRuleType, isSecurityGroupType } from "../aws/security-group-types";
import { InputError } from "../io/errors";
import { groupedBy } from "../io/lists";
import type { Input, Resource } from "../verify/read/model";

/** What each group and each rule of a state has: without them nobody can tell it from another one, or import it. */
const REQUIRED: readonly { readonly isOf: (type: string) => boolean; readonly names: readonly string[] }[] = [
  { isOf: isSecurityGroupType, names: ["id", "name", "vpc_id"] },
  { isOf: isRuleType, names: ["id", "security_group_id"] },
];

/** Addresses that a message names; more of them say no more. */
const NAMED = 5;

/**
 * Rejects a state that was cut or edited, before anything is made of it: Terraform writes each group and each rule once, with its
 * ids. Values are in no message, because a state holds secrets.
 *
 * @param file the state, as it is shown
 * @throws InputError naming all that is wrong
 */
export function checkSound(file: string, { resources }: Input): void {
  const ours = resources.filter(
    ({ mode, type }) => mode === "managed" && REQUIRED.some(({ isOf }) => isOf(type)),
  );
  const lacking = groupedBy(
    ours.flatMap((resource) => missingIn(resource).map((name) => ({ name, address: resource.address }))),
    ({ name }) => name,
  );
  const twice = [...groupedBy(ours, ({ address }) => address)].flatMap(([address, all]) =>
    all.length > 1 ? [address] : [],
  );
  const problems = [
    ...[...lacking].map(([name, all]) => `${named(all.map(({ address }) => address))}: no ${name}`),
    ...(twice.length > 0 ? [`${named(twice)}: more than once`] : []),
  ];
  if (problems.length === 0) return;
  throw new InputError([
    ...problems.map((words) => `${file}: ${words}.`),
    `${file} is not as Terraform writes it, which has each group and each rule once, with its ids as text. Give what \`terraform state pull\` or \`terraform show -json\` prints.`,
  ]);
}

function missingIn({ type, values }: Resource): string[] {
  const names = REQUIRED.find(({ isOf }) => isOf(type))?.names ?? [];
  return names.filter((name) => typeof values[name] !== "string" || values[name] === "");
}

function named(addresses: readonly string[]): string {
  const more = addresses.length - NAMED;
  return `${addresses.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
