import { type AddressSet, addressSet, type Family } from "../network/addresses";
import { subtract } from "../network/intervals";

/**
 * Addresses that are not of the public internet.
 * https://www.iana.org/assignments/iana-ipv4-special-registry and https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const NOT_PUBLIC_IPV4: readonly string[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
];
const NOT_PUBLIC_IPV6: readonly string[] = ["2001:db8::/32", "2001::/23", "2002::/16", "3fff::/20"];

/** The space from which addresses are assigned to the public: https://www.iana.org/assignments/ipv6-unicast-address-assignments */
const UNICAST_IPV6 = "2000::/3";

/** Public unicast space. */
export const INTERNET: Readonly<Record<Family, AddressSet>> = {
  ipv4: subtract(addressSet(["0.0.0.0/0"]), addressSet(NOT_PUBLIC_IPV4)),
  ipv6: subtract(addressSet([UNICAST_IPV6]), addressSet(NOT_PUBLIC_IPV6)),
};

/** What a VPC uses, and what it may be peered with. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
export const PRIVATE: readonly string[] = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "fc00::/7",
];
