import { describe, expect, test } from "vitest";
import { takeInventory } from "../../../verify/inventory";
import type { Role } from "../../../verify/inventory/model";
import { type Arguments, inputOf } from "../support/input";

const GROUP = "aws_security_group.a";
const IDS = [`\${${GROUP}.id}`];

/** What puts groups on interfaces, as the provider's documents have its arguments, and what those interfaces are. */
const CARRIERS: readonly (readonly [type: string, role: Role, values: Arguments])[] = [
  ["aws_db_instance", "database", { vpc_security_group_ids: IDS }],
  ["aws_rds_cluster", "database", { vpc_security_group_ids: IDS }],
  ["aws_elasticache_cluster", "cache", { security_group_ids: IDS }],
  ["aws_elasticache_replication_group", "cache", { security_group_ids: IDS }],
  ["aws_elasticache_serverless_cache", "cache", { security_group_ids: IDS }],
  ["aws_lb", "load-balancer", { security_groups: IDS }],
  ["aws_alb", "load-balancer", { security_groups: IDS }],
  ["aws_elb", "load-balancer", { security_groups: IDS }],
];

describe.each(CARRIERS)("%s", (type, role, values) => {
  const carrier = `${type}.x`;
  const taken = (resource: Arguments) => takeInventory(inputOf({ [GROUP]: {}, [carrier]: resource }));

  test(`attaches groups as ${role}`, () => {
    const { attachments, groups } = taken(values);
    expect(attachments).toContainEqual(expect.objectContaining({ address: carrier, role, groups: [GROUP] }));
    expect([...(groups.get(GROUP)?.roles ?? [])]).toStrictEqual([role]);
  });

  test("without groups attaches none of those that are declared", () => {
    const { attachments, groups } = taken({});
    expect(attachments.filter(({ groups: attached }) => attached.includes(GROUP))).toStrictEqual([]);
    expect([...(groups.get(GROUP)?.roles ?? [])]).toStrictEqual([]);
  });
});

test("a data source attaches nothing: who declares the resource does", () => {
  const input = inputOf({ [GROUP]: {}, "data.aws_db_instance.x": { vpc_security_group_ids: IDS } });
  expect(takeInventory(input).attachments).toStrictEqual([]);
});

test("what has no groups attaches nothing, whatever it is", () => {
  const input = inputOf({ [GROUP]: {}, "aws_vpc.x": { vpc_security_group_ids: IDS } });
  expect(takeInventory(input).attachments).toStrictEqual([]);
});
