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

  const modules = new Set(resources.map(({ module }) => module));
  const types = new Set(resources.map(({ module, type }) => absoluteIn(module, type)));

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

  /** An output, or in the words of `flows.yaml` what stands in the module. */
  const called = (path: string): Value =>
    new Reference(path, (key) => {
      if (modules.has(`${path}[${text(key)}]`)) return called(`${path}[${text(key)}]`);
      const isInside = ["data", "module", "var"].includes(String(key)) || types.has(`${path}.${key}`);
      return isInside ? scope(path).name(String(key)) : new Unknown(`${path}.${key}`);
    });

  const scope = (module: string): Scope => {
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
        if (name === "module") return group("module", (key) => called(absolute(`module.${key}`)));
        if (name === "local") return group("local", (key) => new Unknown(absolute(`local.${key}`)));
        return typed(name);
      },
    };
  };

  return scope;
}
