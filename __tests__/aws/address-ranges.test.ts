import { describe, expect, test } from "vitest";
import { INTERNET, PRIVATE } from "../../aws/address-ranges";
import { type AddressSet, addressSet } from "../../network/addresses";
import { intersect, subtract } from "../../network/intervals";

/*
 * IANA's registries of special-purpose addresses, written out a second time: every block that they have as not globally
 * reachable, or deprecated. https://www.iana.org/assignments/iana-ipv4-special-registry and
 * https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const NOT_REACHABLE = [
  ["0.0.0.0/8", "this network"],
  ["10.0.0.0/8", "private use"],
  ["100.64.0.0/10", "shared address space"],
  ["127.0.0.0/8", "loopback"],
  ["169.254.0.0/16", "link local"],
  ["172.16.0.0/12", "private use"],
  ["192.0.0.0/24", "IETF protocol assignments"],
  ["192.0.2.0/24", "documentation"],
  ["192.168.0.0/16", "private use"],
  ["198.18.0.0/15", "benchmarking"],
  ["198.51.100.0/24", "documentation"],
  ["203.0.113.0/24", "documentation"],
  ["240.0.0.0/4", "reserved"],
  ["255.255.255.255/32", "limited broadcast"],
  ["::/128", "unspecified"],
  ["::1/128", "loopback"],
  ["64:ff9b:1::/48", "translation between IPv4 and IPv6, local use"],
  ["100::/64", "discard only"],
  ["2001::/23", "IETF protocol assignments"],
  ["2001:2::/48", "benchmarking"],
  ["2001:10::/28", "ORCHID, deprecated"],
  ["2001:db8::/32", "documentation"],
  ["2002::/16", "6to4"],
  ["3fff::/20", "documentation"],
  ["5f00::/16", "segment routing"],
  ["fc00::/7", "unique local"],
  ["fe80::/10", "link local"],
] as const;

/** Beside these, what is no unicast. https://www.iana.org/assignments/multicast-addresses */
const MULTICAST = [
  ["224.0.0.0/4", "multicast"],
  ["ff00::/8", "multicast"],
] as const;

/** Blocks of the same registries that are globally reachable, and what others use. */
const REACHABLE = ["192.31.196.0/24", "192.52.193.0/24", "192.175.48.0/24", "2620:4f:8000::/48"];
const PUBLIC = ["8.8.8.8", "1.1.1.1", "223.255.255.255", "2606:4700::1", "2a00:1450::1"];

const internet: AddressSet = [...INTERNET.ipv4, ...INTERNET.ipv6];

describe("the internet", () => {
  test.each([...NOT_REACHABLE, ...MULTICAST])("has nothing of %s, %s", (block) => {
    expect(intersect(addressSet([block]), internet)).toStrictEqual([]);
  });

  test.each([...REACHABLE, ...PUBLIC])("has all of %s", (block) => {
    expect(subtract(addressSet([block]), internet)).toStrictEqual([]);
  });

  test("begins and ends where special blocks do: of IPv4 nothing else is left out", () => {
    const blocks = [...NOT_REACHABLE, ...MULTICAST]
      .map(([block]) => block)
      .filter((one) => !one.includes(":"));
    expect(INTERNET.ipv4).toStrictEqual(subtract(addressSet(["0.0.0.0/0"]), addressSet(blocks)));
  });

  test("of IPv6 is what is assigned for unicast, without the special blocks in it", () => {
    const blocks = NOT_REACHABLE.map(([block]) => block).filter((one) => one.includes(":"));
    expect(INTERNET.ipv6).toStrictEqual(subtract(addressSet(["2000::/3"]), addressSet(blocks)));
  });
});

test("what is private is not of the internet", () => {
  expect(intersect(addressSet(PRIVATE), internet)).toStrictEqual([]);
  expect([...PRIVATE].sort()).toStrictEqual(
    ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"].sort(),
  );
});
