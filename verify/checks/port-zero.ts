import { describeTraffic } from "../../network/traffic";
import type { SecurityGroupRule } from "../inventory/model";
import { rulesByAddress } from "../inventory/rule-index";
import type { Check } from "./check";

export const check: Check = {
  id: "port-zero",
  severity: "warning",
  title: "Port 0 used for all ports",
  why: "For TCP and UDP, ports from 0 to 0 mean only port 0, which nothing listens on: connections time out. Only with the protocol -1 do 0 and 0 mean everything. All TCP ports are 0 to 65535.",
  reference: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html",
  run: ({ inventory }) =>
    [...rulesByAddress(inventory)].flatMap(([address, [rule]]) => {
      if (rule?.traffic === undefined || !isPortZero(rule)) return [];
      const protocol = rule.traffic.protocol.toUpperCase();
      const message = `${address} allows only ${describeTraffic(rule.traffic)}, on which nothing listens. For every ${protocol} port, set from_port = 0 and to_port = 65535, or better the ports that are needed; for all traffic, set the protocol to -1.`;
      return [{ address, source: rule.source, message }];
    }),
};

/** Whether a rule admits port 0 of TCP or UDP and nothing else. */
export function isPortZero({ traffic }: SecurityGroupRule): boolean {
  return traffic !== undefined && "ports" in traffic && traffic.ports.to === 0;
}
