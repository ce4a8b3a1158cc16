import { Unknown, type Value } from "../../../expression/value";
import type { Resource } from "../../read/model";
import { allOf, anyOf, type Certainty } from "../certainty";
import type { Labels } from "../kubernetes/workloads";
import type { Inventory } from "../model";
import { once } from "../once";
import { resources } from "../resources";
import { elements, field, isObject } from "../values";
import { likePattern } from "../wildcards";

/** Pods of which it is asked whether Fargate runs them. */
export interface Placed {
  readonly namespace: Value;
  readonly labels: Labels;
  /** Keys of labels that they may have besides. */
  readonly addedLabels?: readonly string[];
  readonly kind?: string;
}

export const fargateProfiles: (of: Inventory) => readonly Resource[] = once((inventory) =>
  resources(inventory, "aws_eks_fargate_profile"),
);

/**
 * Whether pods run on Fargate: a profile selects them by their namespace and labels, both perhaps with wildcards. DaemonSets
 * never do. https://docs.aws.amazon.com/eks/latest/userguide/fargate-profile.html
 */
export function isOnFargate(inventory: Inventory, pods: Placed): Certainty {
  if (pods.kind === "DaemonSet") return false;
  const answers = fargateProfiles(inventory).map((profile) => {
    const selected = anyOf(elements(profile.values["selector"]).map((one) => selects(one, pods)));
    return selected === true && profile.isUncertain ? "unknown" : selected;
  });
  return anyOf(answers);
}

function selects(selector: Value, { namespace, labels, addedLabels = [] }: Placed): Certainty {
  if (!isObject(selector)) return "unknown";
  const wanted = selector["labels"] ?? {};
  if (!isObject(wanted)) return allOf([matches(selector["namespace"], namespace), "unknown"]);
  return allOf([
    matches(selector["namespace"], namespace),
    ...Object.entries(wanted).map(([key, value]) =>
      anyOf([
        ...Object.entries(labels).map(([name, own]) => allOf([matches(key, name), matches(value, own)])),
        ...addedLabels.map((name) => (matches(key, name) === false ? false : "unknown")),
      ]),
    ),
  ]);
}

function matches(pattern: Value | undefined, value: Value): Certainty {
  if (pattern === "*") return true;
  if (typeof pattern !== "string" || value instanceof Unknown) return "unknown";
  return likePattern(pattern).test(String(value));
}

/** Whether a pod's annotation keeps it from Fargate, as EKS writes it on CoreDNS. */
export function isKeptOnEc2(template: Value): boolean {
  return field(template, "annotations", "eks.amazonaws.com/compute-type") === "ec2";
}
