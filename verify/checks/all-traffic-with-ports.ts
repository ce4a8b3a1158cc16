import { given } from "../../io/errors";
import { protocolNumber, wholeNumber } from "../../network/protocols";
import { ALL_PORTS } from "../../network/rules";
import { resources } from "../inventory/resources";
import type { Check } from "./check";

export const check: Check = {
  id: "all-traffic-with-ports",
  severity: "warning",
  title: "A rule opens all traffic, though it names ports",
  why: "With the protocol -1 or all, AWS opens every port of every protocol, whatever from_port and to_port of aws_security_group_rule say.",
  reference:
    "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/security_group_rule",
  run: ({ inventory }) =>
    resources(inventory, "aws_security_group_rule").flatMap(({ address, values, source }) => {
      const [from, to] = [wholeNumber(values["from_port"]), wholeNumber(values["to_port"])];
      if (protocolNumber(values["protocol"]) !== -1 || from === undefined || to === undefined) return [];
      // As it is written for all ports.
      if (from <= 0 && (to <= 0 || to === ALL_PORTS.to)) return [];
      const ports = from === to ? `${from}` : `${from}-${to}`;
      const message = `${address} opens all traffic, although ports ${ports} are written (protocol ${given(values["protocol"])}). Name tcp or udp as the protocol; if everything is meant, write 0 for both ports.`;
      return [{ address, source, message, advice: { kind: "rewrite" as const, rule: address } }];
    }),
};
