import { documentsOf } from "../../../expression/partial-text";
import { Unknown, type Value } from "../../../expression/value";
import { helmReleases } from "../../read/kubernetes/helm";
import type { KubernetesObject, Resource, Source } from "../../read/model";
import { elements, field, isObject } from "../values";

/**
 * What says which subnet and which groups the interfaces have that a node takes for its pods, with custom networking.
 * https://docs.aws.amazon.com/eks/latest/userguide/cni-custom-network-tutorial.html
 */
export interface EniConfig {
  readonly address: string;
  readonly source: Source;
  readonly isUncertain: boolean;
  /**
   * Ids, or what stands for them. Where there are none, the CNI takes the groups of the node's primary interface (from 1.8 on;
   * before, the default group of the VPC).
   */
  readonly groups: readonly Value[];
  /** Whether a manifest has it, in which text stands for what is filled in. */
  readonly isManifest: boolean;
}

/** The ENIConfigs of an input: those that are applied, and those that the CNI's add-on and its chart make. */
export function eniConfigsIn(
  objects: readonly KubernetesObject[],
  resources: readonly Resource[],
): readonly EniConfig[] {
  return [...objects.flatMap(eniConfigOf), ...resources.flatMap(eniConfigsOfCni)];
}

function eniConfigOf({ address, source, body, isUncertain, isManifest }: KubernetesObject): EniConfig[] {
  if (field(body, "kind") !== "ENIConfig") return [];
  const groups = elements(field(body, "spec", "securityGroups"));
  return [{ address, source, groups, isUncertain: isUncertain === true, isManifest: isManifest === true }];
}

/** Of the values of the add-on and the chart: `eniConfig.subnets`, by zone. */
function eniConfigsOfCni(resource: Resource): EniConfig[] {
  const { address, source, isUncertain = false } = resource;
  const config = field(valuesOf(resource), "eniConfig");
  if (config instanceof Unknown || String(field(config, "create")) !== "true") return [];
  const zones = field(config, "subnets");
  return Object.values(isObject(zones) ? zones : {}).map((zone) => ({
    address,
    source,
    isUncertain,
    groups: elements(field(zone, "securityGroups")),
    isManifest: false,
  }));
}

function valuesOf(resource: Resource): Value | undefined {
  const { mode, type, values } = resource;
  if (mode !== "managed") return undefined;
  if (type === "aws_eks_addon" && values["addon_name"] === "vpc-cni") {
    const { configuration_values: text } = values;
    return text === undefined ? undefined : documentsOf(text)?.[0];
  }
  return helmReleases([resource]).find(({ chart }) => chart === "aws-vpc-cni")?.values;
}
