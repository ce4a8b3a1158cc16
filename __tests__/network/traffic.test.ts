import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressSet, cidrsOf, cidrsOverlap, contains, familyOf } from "../../network/addresses";
import { subtract } from "../../network/intervals";
import type { Traffic } from "../../network/traffic";
import {
  ALL_TRAFFIC,
  covers,
  describeAll,
  describeTraffic,
  overlaps,
  protocolSet,
  setOf,
  trafficOf,
  trafficSet,
} from "../../network/traffic";

const tcp = (from: number, to = from): Traffic => ({ protocol: "tcp", ports: { from, to } });
const udp = (from: number, to = from): Traffic => ({ protocol: "udp", ports: { from, to } });
const icmp = (type: number, code = -1): Traffic => ({ protocol: "icmp", type, code });
const icmpv6 = (type: number, code = -1): Traffic => ({ protocol: "icmpv6", type, code });
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
    [icmpv6(-1), icmpv6(135, 0), true, true],
    [icmpv6(135), icmpv6(136, 0), false, false],
    [{ protocol: "other", number: 50 }, { protocol: "other", number: 51 }, false, false],
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
    [[icmp(8)], "ICMP type 8"],
    [[icmpv6(135)], "ICMPv6 type 135"],
    [[icmpv6(1, 0)], "ICMPv6 type 1 code 0"],
    [[icmpv6(-1)], "all ICMPv6"],
    [[tcp(0, 1)], "TCP 0-1"],
    [[tcp(1, 65535)], "TCP 1-65535"],
    [[udp(0, 65535)], "all UDP"],
    [[tcp(0, 65535), udp(0, 65535)], "all TCP and all UDP"],
    [[icmp(-1), tcp(80), tcp(443), udp(53)], "all ICMP, TCP 80, 443 and UDP 53"],
    [[tcp(80), udp(53), { protocol: "other", number: 50 }], "TCP 80, UDP 53 and IP protocol 50"],
    [[icmp(3), icmp(8)], "ICMP type 3 and ICMP type 8"],
    [[1, 3, 5, 7, 9, 11, 13, 15].map((one) => tcp(one)), "TCP 1, 3, 5, 7, 9, 11, 13, 15"],
    [[1, 3, 5, 7, 9, 11, 13, 15, 17].map((one) => tcp(one)), "TCP 1, 3, 5, 7, 9, 11, 13, 15, 17"],
    [[{ protocol: "other", number: 50 }], "IP protocol 50"],
    [[], "nothing"],
  ])("%j is said as %s", (traffic, words) => {
    expect(describeAll(traffic)).toBe(words);
    if (traffic.length === 1) expect(describeTraffic(traffic[0] as Traffic)).toBe(words);
  });

  test("what is nearly everything is said by what it leaves out", () => {
    const nearly = trafficOf(subtract(ALL_TRAFFIC, trafficSet([tcp(80), tcp(443)])));
    expect(nearly.length).toBeGreaterThan(8);
    expect(describeAll(nearly)).toBe("all traffic except TCP 80, 443");
    expect(describeAll(nearly)).toBe("all traffic except TCP 80, 443");
  });

  test("what leaves out as many as it has is said by what it has", () => {
    const upperHalf = Array.from(
      { length: 128 },
      (_, index): Traffic => ({ protocol: "other", number: 128 + index }),
    );
    expect(trafficOf(subtract(ALL_TRAFFIC, trafficSet(upperHalf)))).toHaveLength(128);
    expect(describeAll(upperHalf)).toMatch(/^IP protocol 128, IP protocol 129, /);
  });

  test("a protocol has a block of 65,536 numbers, and all traffic is all of them", () => {
    expect(setOf(tcp(443))).toStrictEqual([{ first: 6 * 65_536 + 443, last: 6 * 65_536 + 443 }]);
    const once = tcp(1, 2);
    expect(setOf(once)).toBe(setOf(once));
    expect(protocolSet("icmp")).toStrictEqual([{ first: 65_536, last: 131_071 }]);
    expect(setOf(icmpv6(-1))).toStrictEqual(protocolSet("icmpv6"));
    expect(setOf(ALL)).toStrictEqual(ALL_TRAFFIC);
    expect(setOf(icmp(3))).toStrictEqual([{ first: 65_536 + 768, last: 65_536 + 1_023 }]);
    expect(setOf(icmp(3, 4))).toStrictEqual([{ first: 65_536 + 772, last: 65_536 + 772 }]);
    expect(setOf({ protocol: "other", number: 255 })).toStrictEqual([
      { first: 255 * 65_536, last: 256 * 65_536 - 1 },
    ]);
  });

  test.each<[what: string, given: Traffic[], fewest: Traffic[]]>([
    ["all", [ALL, tcp(80)], [ALL]],
    [
      "neighbours of two protocols stay two",
      [tcp(65_535), { protocol: "other", number: 7 }],
      [tcp(65_535), { protocol: "other", number: 7 }],
    ],
    [
      "other protocols one by one",
      [1, 2, 3].map((n) => ({ protocol: "other", number: 40 + n })),
      [1, 2, 3].map((n) => ({ protocol: "other", number: 40 + n })),
    ],
    ["whole types", [icmp(3), icmp(4)], [icmp(3), icmp(4)]],
    ["a type and a code of the next one", [icmp(3), icmp(4, 0)], [icmp(3), icmp(4, 0)]],
    ["codes of one type", [icmp(3, 254), icmp(3, 255), icmp(4)], [icmp(3, 254), icmp(3, 255), icmp(4)]],
    ["all but the first code of ICMP", [icmp(0, 1)], [icmp(0, 1)]],
    ["all of ICMPv6", [icmpv6(-1)], [icmpv6(-1)]],
    ["all of TCP and a port of UDP", [udp(53), tcp(0, 65_535)], [tcp(0, 65_535), udp(53)]],
  ])("in the fewest words: %s", (_, given, fewest) => {
    expect(trafficOf(trafficSet(given))).toStrictEqual(fewest);
  });

  test("nearly all of a protocol or of everything is not all of it", () => {
    const without = (from: Traffic, part: Traffic) =>
      trafficOf(subtract(trafficSet([from]), trafficSet([part])));
    expect(without(icmp(-1), icmp(0))).toStrictEqual(
      Array.from({ length: 255 }, (_, type) => icmp(type + 1)),
    );
    expect(without(icmp(-1), icmp(255))).toStrictEqual(Array.from({ length: 255 }, (_, type) => icmp(type)));
    expect(without(ALL, { protocol: "other", number: 0 })).not.toContainEqual(ALL);
    expect(without(ALL, { protocol: "other", number: 255 })).not.toContainEqual(ALL);
    expect(without(ALL, tcp(80))).toContainEqual({ protocol: "other", number: 0 });
    expect(without(ALL, tcp(80))).toContainEqual(tcp(81, 65_535));
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

  test("a set in CIDRs is the same set, and no two of them would make one", () => {
    const block = fc.oneof(
      fc
        .tuple(fc.nat(255), fc.integer({ min: 24, max: 32 }))
        .map(([last, length]) => `10.0.0.${last}/${length}`),
      fc
        .tuple(fc.nat(255), fc.integer({ min: 120, max: 128 }))
        .map(([last, length]) => `2001:db8::${last.toString(16)}/${length}`),
    );
    fc.assert(
      fc.property(fc.array(block, { maxLength: 6 }), (blocks) => {
        const set = addressSet(blocks);
        const cidrs = cidrsOf(set);
        expect(addressSet(cidrs)).toStrictEqual(set);
        for (const [index, cidr] of cidrs.entries()) {
          const [address = "", length] = cidr.split("/");
          const wider = `${address}/${Number(length) - 1}`;
          const neighbour = cidrs[index + 1];
          if (neighbour?.endsWith(`/${length}`)) {
            expect(addressSet([cidr, neighbour])).not.toStrictEqual(addressSet([wider]));
          }
        }
      }),
    );
  });

  test.each([
    [["::/0"], ["::/0"]],
    [["::/1", "8000::/1"], ["::/0"]],
    [["0.0.0.0/1", "128.0.0.0/1"], ["0.0.0.0/0"]],
    [["::/128"], ["::/128"]],
    [
      ["255.255.255.255/32", "::/128"],
      ["255.255.255.255/32", "::/128"],
    ],
  ])("%j is %j, from the first to the last address", (given, fewest) => {
    expect(cidrsOf(addressSet(given))).toStrictEqual(fewest);
  });

  test("a CIDR with host bits is its network", () => {
    expect(addressSet(["10.1.2.3/8"])).toStrictEqual(addressSet(["10.0.0.0/8"]));
    expect(addressSet(["2001:db8::1/32"])).toStrictEqual(addressSet(["2001:db8::/32"]));
    expect(addressSet(["10.0.0.16"])).toStrictEqual([{ first: 167_772_176n, last: 167_772_176n }]);
  });

  test.each([
    ["10.0.0.0/8", "ipv4"],
    ["2001:db8::/32", "ipv6"],
    ["internet", undefined],
  ])("%s is of the family %s", (cidr, family) => {
    expect(familyOf(cidr)).toBe(family);
  });

  test("neighbours do not overlap, one inside the other does", () => {
    expect(cidrsOverlap("10.0.0.0/25", "10.0.0.128/25")).toBe(false);
    expect(cidrsOverlap("10.0.0.0/24", "10.0.0.128/25")).toBe(true);
  });
});
