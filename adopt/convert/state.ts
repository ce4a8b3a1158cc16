import type { Input, Resource } from "../../verify/read/model";
import type { Estate, FoundRule } from "../model";

/** A state with the rules that get another form as well, for whoever looks for what they mean by their addresses. */
export function withConverted(state: Input, estate: Estate): Input {
  return withRules(
    state,
    estate.rules.filter(({ origins }) => origins !== undefined),
  );
}

/** A state with these rules as they are here. */
export function withRules(state: Input, rules: readonly FoundRule[]): Input {
  if (rules.length === 0) return state;
  const addresses = new Set(rules.map(({ address }) => address));
  return {
    ...state,
    resources: [
      ...state.resources.filter(({ address }) => !addresses.has(address)),
      ...rules.map(
        ({ address, type, group, values }): Resource => ({
          address,
          module: "",
          mode: "managed",
          type,
          name: address,
          values: { security_group_id: group, ...(values as Resource["values"]) },
          source: { file: "" },
        }),
      ),
    ],
  };
}
