import type { Severity } from "../../../verify/checks/model";
import type { ContextOptions } from "../support/context";
import type { Arguments, InputOptions, Resources } from "../support/input";

/** An input for one check: where it must find something, and how severe; nothing for a near miss. */
export interface Case extends InputOptions, ContextOptions {
  readonly check: string;
  readonly what: string;
  readonly resources: Resources;
  readonly found?: readonly (readonly [address: string, severity: Severity])[];
}

export const A = "${aws_security_group.a.id}";
export const B = "${aws_security_group.b.id}";
export const GROUPS: Resources = { "aws_security_group.a": {}, "aws_security_group.b": {} };

/** Arguments of a classic rule. */
export function rule(
  type: "ingress" | "egress",
  security_group_id: string,
  peer: string | Arguments,
  protocol: string | number = "tcp",
  from: number = 443,
  to: number = from,
): Arguments {
  const peers = typeof peer === "string" ? { source_security_group_id: peer } : peer;
  return { type, security_group_id, protocol, from_port: from, to_port: to, ...peers };
}

export const WORLD: Arguments = { cidr_blocks: ["0.0.0.0/0"] };
export const PRIVATE: Arguments = { cidr_blocks: ["10.0.0.0/8"] };

/** A policy that gives the pods of an app groups of their own. */
export function podPolicy(...groupIds: readonly string[]): Arguments {
  return policy({ podSelector: { matchLabels: { app: "orders" } }, securityGroups: { groupIds } });
}

/** A policy with a spec, in the namespace `shop`. */
export function policy(spec: Arguments, metadata: Arguments = {}): Arguments {
  return {
    manifest: {
      apiVersion: "vpcresources.k8s.aws/v1beta1",
      kind: "SecurityGroupPolicy",
      metadata: { name: "orders", namespace: "shop", ...metadata },
      spec,
    },
  };
}
