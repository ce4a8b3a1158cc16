import { given } from "../../io/errors";
import { protocolNumber, wholeNumber } from "../../network/protocols";
import { ALL_PORTS } from "../../network/rules";
import { resources } from "../inventory/resources";
import type { Check } from "./check";

export const check: Check = {
  id: "all-traffic-with-ports",
  severity: "warning",
  title: "A rule opens all traffic although it names ports",
  why: "With the protocol -1 or all, AWS opens every port of every protocol, whatever from_port and to_port of aws_security_group_rule are.",
  reference:
    "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/security_group_rule",
  run: ({ inventory }) =>
    resources(inventory, "aws_security_group_rule").flatMap(({ address, values, source }) => {
      const [from, to] = [wholeNumber(values["from_port"]), wholeNumber(values["to_port"])];
      if (protocolNumber(values["protocol"]) !== -1 || from === undefined || to === undefined) return [];
      // As it is written for all ports.
      if (from <= 0 && (to <= 0 || to === ALL_PORTS.to)) return [];
      const ports = from === to ? `${from}` : `${from}-${to}`;
      const message = `${address} opens all traffic although it names ports ${ports} (protocol ${given(values["protocol"])}). Set the protocol to tcp or udp; if everything is intended, set both ports to 0.`;
      return [{ address, source, message, advice: { kind: "rewrite" as const, rule: address } }];
    }),
};
