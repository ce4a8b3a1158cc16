import { isJson, type Json } from "../io/json";

/** What a plan would do to a resource. */
export interface Change {
  readonly address: string;
  readonly type: string;
  readonly actions: readonly string[];
  readonly isImported: boolean;
  readonly isMoved: boolean;
  /** The address that it moves from. */
  readonly previous: string | undefined;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** Whether something that rules are made of is not known before it is applied. */
  readonly isUnknown: boolean;
}

/** The changes of a plan as `terraform show -json` prints it, without those of data sources. */
export function changesOf(plan: Json): Change[] {
  const changes = Array.isArray(plan["resource_changes"]) ? plan["resource_changes"].filter(isJson) : [];
  return changes
    .filter(({ mode }) => mode !== "data")
    .map((one): Change => {
      const change = isJson(one["change"]) ? one["change"] : {};
      const { before, after } = change;
      const deposed = typeof one["deposed"] === "string" ? ` (deposed object ${one["deposed"]})` : "";
      return {
        address: `${String(one["address"])}${deposed}`,
        type: String(one["type"]),
        actions: Array.isArray(change["actions"]) ? change["actions"].map(String) : [],
        isImported: isJson(change["importing"]),
        isMoved: typeof one["previous_address"] === "string",
        previous: typeof one["previous_address"] === "string" ? one["previous_address"] : undefined,
        before: isJson(before) ? before : undefined,
        after: isJson(after) ? after : undefined,
        isUnknown: isUnknownRule(change["after_unknown"]),
      };
    });
}

/** What the provider computes, and no rule is made of. */
const COMPUTED = ["arn", "id", "owner_id", "security_group_rule_id", "tags", "tags_all"];

function isUnknownRule(marks: unknown): boolean {
  if (!isJson(marks)) return isMarked(marks);
  return Object.entries(marks).some(([name, mark]) => !COMPUTED.includes(name) && isMarked(mark));
}

/** Whether `after_unknown` marks anything. */
function isMarked(mark: unknown): boolean {
  if (mark === true) return true;
  return typeof mark === "object" && mark !== null && Object.values(mark).some(isMarked);
}
