import { documentsOf } from "../../../expression/partial-text";
import { lastAttribute } from "../../../expression/resource-reference";
import { Unknown, type Value } from "../../../expression/value";
import type { Resource } from "../../read/model";
import type { Inventory } from "../model";
import { once } from "../once";
import { blocks, elements, isObject } from "../values";
import { likePattern } from "../wildcards";

/** What EKS needs of EC2 to make trunk and branch interfaces. */
const WANTED = "ec2:createnetworkinterface";
/**
 * The tags that Auto Mode puts on what it makes: a statement under that condition is for Auto Mode alone.
 * https://docs.aws.amazon.com/eks/latest/userguide/auto-learn-iam.html
 */
const OF_AUTO_MODE = /^aws:RequestTag\/eks:/i;

/** Whether a policy document may let its role make network interfaces; what is not known may. */
export function mayCreateInterfaces(document: Value | undefined, inventory: Inventory): boolean {
  if (document === undefined || document === null) return false;
  const source = referredTo(document, "json", inventory);
  if (source !== undefined) return isOfData(source);
  const documents = documentsOf(document);
  if (documents === undefined) return true;
  return documents.some((one) => {
    if (!isObject(one)) return one !== null;
    const statements = one["Statement"] === undefined ? [one] : elements(one["Statement"]);
    return statements.some((statement) => {
      if (!isObject(statement)) return true;
      const { Effect: effect, Action: actions, NotAction: others, Condition: condition } = statement;
      const keys = Object.values(isObject(condition) ? condition : {}).flatMap((one) =>
        isObject(one) ? Object.keys(one) : [],
      );
      return isAllowed({ effect, actions, others, keys });
    });
  });
}

/** The policy that a value names by its ARN, where the input declares it. */
export function policyNamed(arn: Value, inventory: Inventory): Resource | undefined {
  return referredTo(arn, "arn", inventory);
}

/** https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document */
function isOfData({ type, values }: Resource): boolean {
  const { source_json, override_json, source_policy_documents, override_policy_documents, statement } =
    values;
  const hasMore = [source_json, override_json, source_policy_documents, override_policy_documents].some(
    (one) => one !== undefined,
  );
  if (type !== "aws_iam_policy_document" || hasMore || elements(statement).some((one) => !isObject(one))) {
    return true;
  }
  return blocks(statement).some(({ effect, actions, not_actions: others, condition }) => {
    const keys = blocks(condition).map(({ variable }) => variable);
    return isAllowed({ effect, actions, others, keys });
  });
}

interface Statement {
  readonly effect: Value | undefined;
  readonly actions: Value | undefined;
  /** All actions but these. */
  readonly others: Value | undefined;
  /** What its conditions are about. */
  readonly keys: readonly (Value | undefined)[];
}

function isAllowed({ effect, actions, others, keys }: Statement): boolean {
  if (effect === "Deny" || keys.some((key) => typeof key === "string" && OF_AUTO_MODE.test(key)))
    return false;
  return others !== undefined || elements(actions).some(isWanted);
}

function isWanted(action: Value): boolean {
  if (typeof action !== "string") return true;
  return likePattern(action.toLowerCase()).test(WANTED);
}

const documents = once(({ input }: Inventory) => {
  const types = ["aws_iam_policy", "aws_iam_policy_document"];
  const certain = input.resources.filter(({ type, isUncertain }) => types.includes(type) && !isUncertain);
  return new Map(certain.map((resource) => [resource.address, resource]));
});

function referredTo(value: Value, attribute: string, inventory: Inventory): Resource | undefined {
  const named = value instanceof Unknown ? lastAttribute(value.expression) : undefined;
  return named?.name === attribute ? documents(inventory).get(named.of) : undefined;
}
