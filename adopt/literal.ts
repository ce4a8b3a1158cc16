import { escapeTemplates } from "../expression/hcl";
import { isJson } from "../io/json";

/** Data as Terraform's JSON takes it literally: `${` and `%{` in text and in keys start no expression. */
export function literal(value: unknown): unknown {
  if (typeof value === "string") return escapeTemplates(value);
  if (Array.isArray(value)) return value.map(literal);
  if (!isJson(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [escapeTemplates(key), literal(item)]),
  );
}
