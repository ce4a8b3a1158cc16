import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { INTERNET } from "../../aws/address-ranges";
import { addressSet, cidrsOf, cidrsOverlap, contains } from "../../network/addresses";
import { intersect, subtract } from "../../network/intervals";
import type { Traffic } from "../../network/traffic";
import { covers, describeAll, describeTraffic, overlaps, trafficOf, trafficSet } from "../../network/traffic";

const tcp = (from: number, to = from): Traffic => ({ protocol: "tcp", ports: { from, to } });
const udp = (from: number, to = from): Traffic => ({ protocol: "udp", ports: { from, to } });
const icmp = (type: number, code = -1): Traffic => ({ protocol: "icmp", type, code });
const ALL: Traffic = { protocol: "all" };

describe("traffic", () => {
  test.each<[Traffic, Traffic, boolean, boolean]>([
    // outer, inner, covers, overlaps
    [tcp(0, 65535), tcp(443), true, true],
    [tcp(443), tcp(0, 65535), false, true],
    [tcp(80), tcp(81), false, false],
    [tcp(53), udp(53), false, false],
    [ALL, icmp(3, 4), true, true],
    [ALL, { protocol: "other", number: 50 }, true, true],
    [icmp(-1), icmp(8, 0), true, true],
    [icmp(8), icmp(8, 0), true, true],
    [icmp(8, 0), icmp(8), false, true],
    [icmp(8), { protocol: "icmpv6", type: 8, code: -1 }, false, false],
    [tcp(0, 65535), ALL, false, true],
  ])("%j over %j: covers %s, overlaps %s", (outer, inner, isCovered, isOverlapping) => {
    expect(covers(outer, inner)).toBe(isCovered);
    expect(overlaps(outer, inner)).toBe(isOverlapping);
  });

  test("a range that is covered in part names the part that is missing", () => {
    const missing = subtract(trafficSet([tcp(0, 100), udp(53)]), trafficSet([tcp(10, 20), tcp(22, 100)]));
    expect(describeAll(trafficOf(missing))).toBe("TCP 0-9, 21 and UDP 53");
  });

  test.each<[Traffic[], string]>([
    [[tcp(3306)], "TCP 3306"],
    [[tcp(0, 65535)], "all TCP"],
    [[tcp(80), tcp(443), udp(53)], "TCP 80, 443 and UDP 53"],
    [[ALL], "all traffic"],
    [[icmp(3, 4)], "ICMP type 3 code 4"],
    [[icmp(-1)], "all ICMP"],
    [[{ protocol: "other", number: 50 }], "IP protocol 50"],
    [[], "nothing"],
  ])("%j is said as %s", (traffic, words) => {
    expect(describeAll(traffic)).toBe(words);
    if (traffic.length === 1) expect(describeTraffic(traffic[0] as Traffic)).toBe(words);
  });

  test("a set is described without loss", () => {
    const one = fc.oneof(
      fc
        .tuple(fc.constantFrom(tcp, udp), fc.nat(65535), fc.nat(65535))
        .map(([make, a, b]) => make(Math.min(a, b), Math.max(a, b))),
      fc.tuple(fc.nat(255), fc.integer({ min: -1, max: 255 })).map(([type, code]) => icmp(type, code)),
      fc
        .nat(255)
        .filter((number) => ![1, 6, 17, 58].includes(number))
        .map((number): Traffic => ({ protocol: "other", number })),
      fc.constant(ALL),
    );
    fc.assert(
      fc.property(fc.array(one, { maxLength: 6 }), (traffic) => {
        const set = trafficSet(traffic);
        expect(trafficSet(trafficOf(set))).toStrictEqual(set);
      }),
    );
  });
});

describe("addresses", () => {
  test.each([
    ["10.0.0.0/8", "10.1.2.0/24", true],
    ["10.1.2.0/24", "10.0.0.0/8", false],
    ["0.0.0.0/0", "203.0.113.7/32", true],
    ["0.0.0.0/0", "2001:db8::/32", false],
    ["::/0", "2001:DB8:0:0::1/128", true],
    ["::/0", "10.0.0.0/8", false],
    ["10.0.0.0/32", "10.0.0.1/32", false],
  ])("%s holds %s: %s", (outer, inner, expected) => {
    expect(contains(outer, inner)).toBe(expected);
  });

  test.each([
    [["10.0.0.0/24"], ["10.0.0.0/24"]],
    [["10.0.0.0/24", "10.0.1.0/24"], ["10.0.0.0/23"]],
    [
      ["10.0.0.1/32", "10.0.0.2/32"],
      ["10.0.0.1/32", "10.0.0.2/32"],
    ],
    [
      ["2001:db8::/33", "2001:db8:8000::/33", "0.0.0.0/0"],
      ["0.0.0.0/0", "2001:db8::/32"],
    ],
  ])("%j is %j in the fewest CIDRs", (given, fewest) => {
    expect(cidrsOf(addressSet(given))).toStrictEqual(fewest);
  });

  test("neighbours do not overlap, one inside the other does", () => {
    expect(cidrsOverlap("10.0.0.0/25", "10.0.0.128/25")).toBe(false);
    expect(cidrsOverlap("10.0.0.0/24", "10.0.0.128/25")).toBe(true);
  });

  test.each([
    ["8.8.8.8", true],
    ["10.0.0.1", false],
    ["172.31.255.255", false],
    ["172.32.0.0", true],
    ["192.168.1.1", false],
    ["100.64.0.1", false],
    ["169.254.169.254", false],
    ["224.0.0.1", false],
    ["2606:4700::1", true],
    ["fd00::1", false],
    ["fe80::1", false],
    ["2001:db8::1", false],
  ])("%s is of the internet: %s", (address, expected) => {
    const internet = address.includes(":") ? INTERNET.ipv6 : INTERNET.ipv4;
    expect(intersect(addressSet([address]), internet).length > 0).toBe(expected);
  });
});
