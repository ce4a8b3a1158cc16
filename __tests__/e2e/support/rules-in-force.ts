import { awsStage } from "./stage";

/**
 * The rules that AWS has, each as a line without its id, sorted: asked of its API as it is documented, so that nothing of this
 * project is between.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroupRules.html
 */
export async function rulesInForce(): Promise<string[]> {
  const { endpoint } = awsStage();
  const signature = "Credential=test/20260101/eu-west-1/ec2/aws4_request, SignedHeaders=host, Signature=none";
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: { Authorization: `AWS4-HMAC-SHA256 ${signature}` },
    body: new URLSearchParams({ Action: "DescribeSecurityGroupRules", Version: "2016-11-15" }),
  });
  const text = await answer.text();
  const items = text.split("<securityGroupRuleId>").slice(1);
  if (!answer.ok || items.length === 0) throw new Error(`the API lists no rules: ${text.slice(0, 300)}`);
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
