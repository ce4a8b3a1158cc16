import { describe, expect, test } from "vitest";
import type { Value } from "../../../expression/value";
import { Unknown } from "../../../expression/value";
import { normalized, withAbsent } from "../../../verify/read/terraform/normalized";
import { shown } from "./support/configuration";

type Values = Readonly<Record<string, Value>>;

const spelled = (type: string, values: Values) => {
  const { values: result } = normalized({ mode: "managed", type, values });
  return Object.fromEntries(Object.entries(result).map(([name, value]) => [name, shown(value)]));
};

/** Where a rule has its protocol. */
const PLACES: Readonly<Record<string, (protocol: Value) => unknown>> = {
  "a block": (protocol) => spelled("aws_security_group", { ingress: [{ protocol }] })["ingress"],
  "a block of the default group": (protocol) =>
    spelled("aws_default_security_group", { egress: [{ protocol }] })["egress"],
  "a classic rule": (protocol) => [spelled("aws_security_group_rule", { protocol })],
  "a rule of its own": (protocol) => {
    const rule = spelled("aws_vpc_security_group_ingress_rule", { ip_protocol: protocol });
    return [{ protocol: rule["ip_protocol"] }];
  },
};

describe.each(Object.keys(PLACES))("a protocol in %s", (place) => {
  test.each([
    ["6", "tcp"],
    [6, "tcp"],
    ["TCP", "tcp"],
    ["tcp", "tcp"],
    ["17", "udp"],
    ["1", "icmp"],
    ["58", "icmpv6"],
    ["ICMPv6", "icmpv6"],
    ["-1", "-1"],
    [-1, "-1"],
    ["All", "-1"],
    ["esp", "50"],
    ["50", "50"],
    ["0", "0"],
    // What is none stays, for the message that says so.
    ["tpc", "tpc"],
    ["256", "256"],
    [new Unknown("var.protocol"), "<var.protocol>"],
  ])("%s", (protocol, expected) => {
    expect(PLACES[place]?.(protocol)).toStrictEqual([{ protocol: expected }]);
  });
});

test("CIDRs, ports and self have one spelling, and what is none of them or has host bits stays", () => {
  const block = {
    from_port: "443",
    to_port: "https",
    cidr_blocks: ["10.1.2.3/8", "10.0.0.0/33", new Unknown("var.office")],
    ipv6_cidr_blocks: ["2001:DB8:0:0::/32"],
    self: "true",
  };
  const expected = {
    from_port: 443,
    to_port: "https",
    cidr_blocks: ["10.1.2.3/8", "10.0.0.0/33", "<var.office>"],
    ipv6_cidr_blocks: ["2001:db8::/32"],
    self: true,
  };
  expect(spelled("aws_security_group_rule", block)).toStrictEqual(expected);
  expect(spelled("aws_security_group", { egress: [block, new Unknown("var.block")] })).toStrictEqual({
    egress: [expected, "<var.block>"],
  });
  const rule = { cidr_ipv4: "10.1.2.3/8", cidr_ipv6: "2001:DB8::/32", from_port: "-1" };
  expect(spelled("aws_vpc_security_group_egress_rule", rule)).toStrictEqual({
    cidr_ipv4: "10.1.2.3/8",
    cidr_ipv6: "2001:db8::/32",
    from_port: -1,
  });
});

test("other resources stay as they are", () => {
  const values = { protocol: "6", ingress: [{ protocol: "6" }] };
  expect(spelled("aws_network_acl", values)).toStrictEqual(values);
  const data = { mode: "data", type: "aws_security_group_rule", values } as const;
  expect(normalized(data)).toBe(data);
});

test("an argument that a block of a group does not give is the provider's, and its ports where it is all traffic", () => {
  const absent = {
    cidr_blocks: [],
    description: "",
    ipv6_cidr_blocks: [],
    prefix_list_ids: [],
    security_groups: [],
    self: false,
  };
  expect(withAbsent("aws_security_group", { protocol: "tcp" })).toStrictEqual({ ...absent, protocol: "tcp" });
  expect(withAbsent("aws_security_group", { protocol: "-1", self: true })).toStrictEqual({
    ...absent,
    protocol: "-1",
    from_port: 0,
    to_port: 0,
    self: true,
  });
  expect(withAbsent("aws_launch_template", { device_index: 0 })).toStrictEqual({ device_index: 0 });
});
