import { absoluteIn } from "../../../expression/address";
import type { Scope } from "../../../expression/evaluate";
import { Unknown, type Value } from "../../../expression/value";
import { attribute, Reference, text } from "../../../expression/values";
import type { Resource } from "../model";

/**
 * What names mean in the modules of a plan or a state: resources by what it holds of them, variables of the root.
 *
 * @param variable the value of a child module's variable, where it is known
 */
export function scopeOf(
  resources: readonly Resource[],
  variables: ReadonlyMap<string, Value>,
  variable: (module: string, name: string) => Value | undefined,
): (module: string) => Scope {
  const byAddress = new Map(resources.map((resource) => [resource.address, resource]));

  const named = (address: string): Value => {
    const resource = byAddress.get(address);
    return new Reference(address, (key) => {
      if (!resource) {
        const instance = `${address}[${text(key)}]`;
        return byAddress.has(instance) ? named(instance) : attribute(address).step(key);
      }
      return Object.hasOwn(resource.values, key)
        ? (resource.values[key] as Value)
        : attribute(address).step(key);
    });
  };

  return (module) => {
    const absolute = (expression: string) => absoluteIn(module, expression);
    const group = (name: string, of: (key: string) => Value) =>
      new Reference(absolute(name), (key) => of(String(key)));
    const typed = (type: string) => group(type, (name) => named(absolute(`${type}.${name}`)));
    return {
      label: module,
      name: (name) => {
        if (name === "var") {
          return group("var", (key) => {
            const value = module === "" ? variables.get(key) : variable(module, key);
            return value ?? new Unknown(absolute(`var.${key}`));
          });
        }
        if (name === "data") return group("data", (type) => typed(`data.${type}`));
        if (name === "local" || name === "module") {
          return group(name, (key) => new Unknown(absolute(`${name}.${key}`)));
        }
        return typed(name);
      },
    };
  };
}
