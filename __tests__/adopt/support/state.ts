import type { Json } from "../../../io/json";

/** Ids of groups and of their VPC, as AWS gives them. */
export const VPC = "vpc-0a1b2c3d4e5f60000";
export const sg = (number: number) => `sg-0a1b2c3d4e5f6000${number}`;

type Instances = Readonly<Record<string, Json>>;

/** A resource of a state as Terraform keeps it; instances by their keys, `""` for the only one. */
export function resource(type: string, name: string, values: Json | Instances, module = ""): Json {
  const instances =
    "" in values ||
    Object.values(values).every((one) => typeof one === "object" && one !== null && "id" in one);
  const all = instances ? (values as Instances) : { "": values };
  return {
    ...(module !== "" && { module }),
    mode: "managed",
    type,
    name,
    provider: 'provider["registry.terraform.io/hashicorp/aws"]',
    instances: Object.entries(all).map(([key, attributes]) => ({
      schema_version: 1,
      ...(key !== "" && { index_key: key }),
      attributes,
    })),
  };
}

export function group(id: string, name: string, more: Json = {}): Json {
  return {
    id,
    arn: `arn:aws:ec2:eu-west-1:111122223333:security-group/${id}`,
    name,
    description: `Group ${name}.`,
    vpc_id: VPC,
    tags: null,
    tags_all: {},
    ingress: [],
    egress: [],
    revoke_rules_on_delete: false,
    ...more,
  };
}

export function ingress(id: string, on: string, more: Json): Json {
  return { id, security_group_id: on, ip_protocol: "tcp", from_port: 443, to_port: 443, ...more };
}

export function classic(on: string, more: Json): Json {
  return {
    id: "sgrule-1",
    type: "ingress",
    security_group_id: on,
    protocol: "tcp",
    from_port: 443,
    to_port: 443,
    self: false,
    ...more,
  };
}

export function state(...resources: Json[]): string {
  return JSON.stringify({
    version: 4,
    terraform_version: "1.11.4",
    serial: 1,
    lineage: "x",
    outputs: {},
    resources,
  });
}
