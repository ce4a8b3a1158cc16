import { tmpdir } from "node:os";
import { awsEnvironment, command } from "./terraform";

/**
 * Runs a script of Python with the client of the AWS CLI, which the emulator brings with it, as `client`, and with what is given as
 * `given`. @returns what it prints
 */
export function byClient(script: string, ...given: readonly string[]): string {
  const start = 'import boto3, json, sys\nclient, given = boto3.client("ec2"), sys.argv[1:]';
  return command(
    tmpdir(),
    "python3",
    ["-c", `${start}\n${script}`, ...given],
    awsEnvironment({ AWS_DEFAULT_REGION: "eu-west-1" }),
  );
}

/**
 * Gives descriptions of rules whose peer is a group to both of the emulator's lists: it writes those of classic rules into
 * describe-security-groups alone, and the other form is read of describe-security-group-rules. AWS has each once.
 */
export function describeInBothLists(): void {
  byClient(`
rules = client.describe_security_group_rules()["SecurityGroupRules"]
for group in client.describe_security_groups()["SecurityGroups"]:
    for is_egress, permissions in ((False, group["IpPermissions"]), (True, group["IpPermissionsEgress"])):
        for permission in permissions:
            for pair in permission["UserIdGroupPairs"]:
                traffic = {name: permission[name] for name in ("IpProtocol", "FromPort", "ToPort") if name in permission}
                for rule in rules:
                    is_same = rule["GroupId"] == group["GroupId"] and rule["IsEgress"] == is_egress \\
                        and rule.get("ReferencedGroupInfo", {}).get("GroupId") == pair["GroupId"] \\
                        and all(rule[name] == value for name, value in traffic.items())
                    if is_same and pair.get("Description"):
                        client.modify_security_group_rules(GroupId=group["GroupId"], SecurityGroupRules=[{
                            "SecurityGroupRuleId": rule["SecurityGroupRuleId"],
                            "SecurityGroupRule": {**traffic, "ReferencedGroupId": pair["GroupId"], "Description": pair["Description"]},
                        }])
`);
}
