import { InputError } from "../../io/errors";
import { nearest } from "../../io/nearest";
import { CHECKS } from "../../verify/checks";
import { SHELLS } from "../completion";
import type { Run } from "../model";

/** Writes what a shell must run to complete the command's words. */
export const run: Run = ({ operands: [shell] }, { commands }) => {
  const names = Object.keys(SHELLS) as (keyof typeof SHELLS)[];
  const found = names.find((name) => name === shell);
  if (found === undefined) {
    const meant = shell === undefined ? undefined : nearest(shell, names);
    throw new InputError([
      `completion is written for ${names.join(", ")} (given: ${shell ?? "nothing"}${meant ? `; did you mean ${meant}?` : ""})`,
    ]);
  }
  process.stdout.write(
    SHELLS[found]({ commands, operands: { explain: CHECKS.map(({ id }) => id), completion: names } }),
  );
  return 0;
};
