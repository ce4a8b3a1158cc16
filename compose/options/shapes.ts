import type { AnyModuleContract } from "../../synth/contract";
import { optionName } from "./names";
import {
  attributes,
  mapOf,
  type Options,
  type OptionWords,
  objectOf,
  orReference,
  variableOption,
} from "./schema";

/*
 * The variables of modules that are objects, in the names of options. All others are plain values.
 */

const SECURITY_GROUPS: Options = {
  name: "ClusterSecurityGroups",
  description: "Ids of the security groups that the cluster has.",
  options: attributes('PodGroupVariables["security_groups"]', {
    k8sWorker:
      "Id of the security group on the worker nodes, where the kubelet and, without `coredns`, CoreDNS run.",
    k8sIngress: "Id of the security group on what sends requests to the pods, such as a load balancer.",
    coredns: "Id of the security group on CoreDNS, where it has one of its own.",
  }),
};

const PEER: Options = {
  name: "PeerOptions",
  description: "The other end of a rule: exactly one of these.",
  options: attributes("PeerInput", {
    cidrIpv4: "An IPv4 network, such as `10.0.0.0/16`.",
    cidrIpv6: "An IPv6 network, such as `2001:db8::/32`.",
    prefixListId: "Id of a prefix list, such as `pl-0a1b2c3d`.",
    securityGroupId: "Id of a security group.",
  }),
};

const TRAFFIC: Options = {
  name: "TrafficOptions",
  description: "The other end of a rule (exactly one of the first four), and what may pass.",
  options: {
    ...PEER.options,
    ...attributes("TrafficInput", {
      protocol: "`tcp` (the default), `udp`, `icmp` or `icmpv6`.",
      ports: "A port or a range, such as `8080` or `8000-8100`: for `tcp` and `udp`.",
      icmpType: "From 0 to 255, or -1 for any: for `icmp` and `icmpv6`.",
      icmpCode: "From 0 to 255, or -1 for any (the default): for `icmp` and `icmpv6`.",
    }),
  },
};

const SELECTOR: Options = {
  name: "SelectorOptions",
  description: "A label selector of Kubernetes: what it matches has all of this.",
  options: attributes("Selector", {
    matchLabels: "Labels, each with its value.",
    matchExpressions:
      "Requirements on labels: each a `key`, an `operator` (`In`, `NotIn`, `Exists` or `DoesNotExist`) and its `values`.",
  }),
};

const CHECK: Options = {
  name: "PolicyCheckOptions",
  description: "What pods with the policy must reach, and others must not.",
  options: attributes(
    "Check",
    {
      host: "Its DNS name, such as `orders.example.com`.",
      port: "Its TCP port.",
      image:
        "The image of the Jobs, which has BusyBox's `nslookup` and `nc`. Default: `busybox` from Amazon ECR Public.",
      labels: "Labels of the selected Job's pod, besides those of the policy's `podSelector`.",
      serviceAccountName: "Name of the service account of the selected Job's pod.",
    },
    ["host", "port"],
  ),
};

/** @internal The objects, each before those that name it. */
export const SHAPES_DECLARED = [SECURITY_GROUPS, PEER, TRAFFIC, SELECTOR, CHECK] as const;

/** By the names of the variables, which mean the same in every module. */
const SHAPES: Readonly<Record<string, { readonly of: Options; readonly isMap?: true }>> = {
  security_groups: { of: SECURITY_GROUPS },
  dns_cidrs: { of: PEER, isMap: true },
  internet_targets: { of: PEER, isMap: true },
  ingress_sources: { of: TRAFFIC, isMap: true },
  egress_targets: { of: TRAFFIC, isMap: true },
  pod_selector: { of: SELECTOR },
  service_account_selector: { of: SELECTOR },
  check: { of: CHECK },
};

/**
 * @internal The variables of a module as options.
 *
 * @param values the type of the module's values, by its name
 * @param more what differs from the module's words, by the variable; null leaves the variable out
 */
export function optionsOf(
  contract: AnyModuleContract,
  values: string,
  more: Readonly<Record<string, Partial<OptionWords> | null>> = {},
): Options["options"] {
  return Object.fromEntries(
    Object.entries(contract.variables)
      .filter(([name]) => more[name] !== null)
      .map(([name, { default: fallback, isNullable }]) => {
        const shape = SHAPES[name];
        const orNull = fallback === null || isNullable ? " | null" : "";
        const words = shape && {
          type: `${shape.isMap ? `Readonly<Record<string, ${shape.of.name}>>` : shape.of.name}${orNull}`,
          schema: shape.isMap ? mapOf(shape.of) : orReference(objectOf(shape.of)),
        };
        return [optionName(name), variableOption(contract, values, name, { ...words, ...more[name] })];
      }),
  );
}
