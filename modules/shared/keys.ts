import { every, matches } from "../../expression/conditions";
import { variableNamed } from "../../expression/variables";
import type { Validation } from "../../synth/contract";

/** Keys stand in addresses of rules, in their tags and in their descriptions. */
const KEY = "^[a-z][a-z0-9_]{0,31}$";

/** Whether every key of a map can stand in an address. */
export function keysValidation<T>(name: string, refused: Readonly<Record<string, T>>): Validation<T> {
  return {
    condition: every("key", `keys(${variableNamed(name)})`, (key) => matches(key, KEY)),
    message: `The keys of ${name} must match ^[a-z][a-z0-9_]{0,31}$: they become part of resource addresses.`,
    refused,
  };
}
