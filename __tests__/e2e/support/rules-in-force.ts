import { ec2 } from "./ec2";

/**
 * The rules that AWS has, each as a line without its id, sorted.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroupRules.html
 */
export async function rulesInForce(region?: string): Promise<string[]> {
  const text = await ec2("DescribeSecurityGroupRules", {}, region);
  const items = text.split("<securityGroupRuleId>").slice(1);
  if (items.length === 0) throw new Error(`the API lists no rules: ${text.slice(0, 300)}`);
  return items
    .map((item) => {
      const text = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(item)?.[1] ?? "";
      // AWS gives their names back, the emulator what was sent.
      const value = (name: string) => (name === "ipProtocol" ? protocolName(text(name)) : text(name));
      const names = ["isEgress", "ipProtocol", "fromPort", "toPort", "cidrIpv4", "cidrIpv6", "prefixListId"];
      const groups = [...item.matchAll(/<groupId>([^<]*)<\/groupId>/g)].map(([, id]) => id);
      return [...groups, ...names.map(value), value("description")].join(" ");
    })
    .sort();
}

const PROTOCOL_NAMES: Readonly<Record<string, string>> = {
  "1": "icmp",
  "6": "tcp",
  "17": "udp",
  "58": "icmpv6",
};

function protocolName(protocol: string): string {
  return PROTOCOL_NAMES[protocol] ?? protocol;
}
