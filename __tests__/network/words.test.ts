import { describe, expect, test } from "vitest";
import { canonicalCidr } from "../../network/cidr";
import { describePeer, type RulePeer } from "../../network/peers";
import { protocolNumber, wholeNumber } from "../../network/protocols";
import { ALL_PORTS, ANYWHERE, port, portsIn } from "../../network/rules";

describe("a CIDR", () => {
  test.each([
    ["10.1.2.3/8", "10.0.0.0/8"],
    ["10.0.0.0/8", "10.0.0.0/8"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["192.0.2.7/32", "192.0.2.7/32"],
    ["2001:DB8:0:0::1/64", "2001:db8::/64"],
    ["::/0", "::/0"],
    ["::ffff:10.0.0.1/128", "::ffff:a00:1/128"],
  ])("%s is %s", (text, canonical) => {
    expect(canonicalCidr(text)).toBe(canonical);
  });

  test.each([
    "10.0.0.0",
    "10.0/8",
    "010.0.0.0/8",
    "10.0.0.0/33",
    "10.0.0.256/8",
    "2001:db8::",
    "2001:db8::/129",
    "sg-0a1b2c3d",
    "",
    "internet",
    "a:b/c",
  ])("%j is none", (text) => {
    expect(canonicalCidr(text)).toBeUndefined();
  });
});

/** https://www.iana.org/assignments/protocol-numbers */
describe("the number of a protocol", () => {
  test.each<[unknown, number | undefined]>([
    ["tcp", 6],
    ["TCP", 6],
    ["udp", 17],
    ["icmp", 1],
    ["icmpv6", 58],
    ["ICMPv6", 58],
    ["esp", 50],
    ["ah", 51],
    ["all", -1],
    ["-1", -1],
    [-1, -1],
    ["6", 6],
    [0, 0],
    [255, 255],
    [256, undefined],
    ["256", undefined],
    [-2, undefined],
    [6.5, undefined],
    ["http", undefined],
    ["", undefined],
    ["toString", undefined],
    [undefined, undefined],
    [null, undefined],
  ])("%j is %j", (protocol, number) => {
    expect(protocolNumber(protocol)).toBe(number);
  });
});

test.each<[unknown, number | undefined]>([
  [0, 0],
  [65535, 65535],
  ["443", 443],
  ["-1", -1],
  ["00", 0],
  [1.5, undefined],
  ["1.5", undefined],
  ["1a", undefined],
  ["a1", undefined],
  ["", undefined],
  [true, undefined],
  [["5"], undefined],
  [undefined, undefined],
])("%j as a whole number is %j", (value, number) => {
  expect(wholeNumber(value)).toBe(number);
});

test.each<[RulePeer, string]>([
  [{ kind: "group", group: "aws_security_group.a" }, "aws_security_group.a"],
  [{ kind: "cidr", cidr: "10.0.0.0/8" }, "10.0.0.0/8"],
  [{ kind: "prefix-list", id: "pl-0a1b2c3d" }, "prefix list pl-0a1b2c3d"],
  [{ kind: "unknown", expression: "var.peer", candidates: [] }, "var.peer"],
])("%j is said as %s", (peer, words) => {
  expect(describePeer(peer)).toBe(words);
});

test("ports of rules", () => {
  expect(port(443)).toStrictEqual({ from: 443, to: 443 });
  expect(ALL_PORTS).toStrictEqual({ from: 0, to: 65_535 });
  expect(ANYWHERE).toStrictEqual({ cidr: "0.0.0.0/0" });
  expect(portsIn("each.value")).toStrictEqual({
    from: 'split("-", each.value)[0]',
    to: 'reverse(split("-", each.value))[0]',
  });
});
