import { Unknown, type Value } from "../../expression/value";
import { groupedBy } from "../../io/lists";
import { resources } from "../inventory/resources";
import type { Resource } from "../read/model";
import type { Check } from "./check";

export const check: Check = {
  id: "duplicate-group-name",
  severity: "error",
  title: "Two groups of one VPC have the same name",
  why: "AWS rejects the second one during apply (InvalidGroup.Duplicate). It happens when a module is called twice with one name.",
  reference: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
  run: (context) =>
    [...groupedBy(resources(context.inventory, "aws_security_group"), nameInVpc).values()].flatMap(
      (groups) => {
        const [first, ...others] = groups;
        if (first === undefined) return [];
        return others.map(({ address, source, values }) => ({
          address,
          source,
          message: `${address} has the same name, ${words(values["name"])}, as ${first.address}, in the same VPC: AWS rejects the second. Give each its own name.`,
        }));
      },
    ),
};

/** Equal for groups that certainly have one name in one VPC; undefined for a name that Terraform makes. */
function nameInVpc({ values, isUncertain, provider = "" }: Resource): string | undefined {
  const name = values["name"];
  // What may not exist conflicts with nothing for certain.
  if (isUncertain || name === undefined || name === null) return undefined;
  const vpc = values["vpc_id"];
  // Each region and account has a default VPC of its own.
  return `${words(name)} ${vpc === undefined || vpc === null ? `default ${provider}` : words(vpc)}`;
}

function words(value: Value | undefined): string {
  return value instanceof Unknown ? value.expression : JSON.stringify(value ?? null);
}
