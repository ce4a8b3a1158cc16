import { Unknown } from "../../expression/value";
import { DIRECTIONS } from "../../network/rules";
import { isGroup } from "../inventory/groups";
import { elements, isObject, isTrue, type ObjectValue } from "../inventory/values";
import type { Check } from "./check";

const PEERS = ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups"];

export const check: Check = {
  id: "block-without-peer",
  severity: "warning",
  title: "An inline block creates no rule",
  why: "A block that names no peer, or only empty lists, is accepted and creates no rule: the traffic that it was written for is not allowed.",
  reference: "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/security_group",
  run: ({ inventory }) => {
    const { hangsOnDefault = () => false } = inventory.input;
    return inventory.input.resources.filter(isGroup).flatMap(({ address: group, values, source }) =>
      DIRECTIONS.flatMap((direction) =>
        elements(values[direction]).flatMap((block, index) => {
          if (!isObject(block) || hasPeer(block) || hangsOnDefault(group, direction)) return [];
          const address = `${group}.${direction}[${index}]`;
          const message = `${address} creates no rule: it names no peer. Set one of ${PEERS.join(", ")} and self, or remove it.`;
          return [{ address, source, message }];
        }),
      ),
    );
  },
};

function hasPeer(block: ObjectValue): boolean {
  const { self } = block;
  if (self instanceof Unknown || isTrue(self)) return true;
  return PEERS.some((argument) => elements(block[argument]).length > 0);
}
