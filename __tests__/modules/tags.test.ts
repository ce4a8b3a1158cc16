import { describe, expect, test } from "vitest";
import { evaluateData } from "../../expression/evaluate";
import type { Value } from "../../expression/value";
import { COMMITTED_MODULE_NAMES } from "../../modules/registry";
import { committedStack } from "../support/project";

/*
 * The tags of every module: the article's four, over those of the caller.
 */

const TAGGED = COMMITTED_MODULE_NAMES.filter((name) => committedStack(name).data?.["aws_region"]);

/** What the provider's versions know of a region: `region` is new in 6, which deprecates `name` and `id`. */
const VERSION_5 = { name: "eu-west-1", id: "eu-west-1", description: "Europe (Ireland)" };
const VERSION_6 = { ...VERSION_5, name: "deprecated", id: "deprecated", region: "eu-west-1" };

interface Given {
  readonly region?: Record<string, string>;
  readonly platform?: string | null;
  readonly tags?: Record<string, string>;
  readonly own_tags?: Record<string, string> | null;
  readonly rule_tags?: Record<string, Record<string, string>> | null;
}

/** The tags of a module's resources by their addresses, as Terraform evaluates them. */
function tagsOf(module: (typeof TAGGED)[number], given: Given = {}): Record<string, Value> {
  const { locals, resource, variable } = committedStack(module);
  const { region = VERSION_5, platform = "shop", tags = {}, own_tags = null, rule_tags = null } = given;
  const names = Object.fromEntries(Object.keys(variable).map((name) => [name, name]));
  const known = {
    var: {
      ...names,
      platform,
      tags,
      own_tags,
      rule_tags,
      group_name: null,
      pods_group_name: null,
      pods_own_tags: null,
    },
    data: { aws_region: { current: region } },
    each: { key: "key" },
  };
  const evaluate = (code: unknown, local: Record<string, Value> = {}) =>
    evaluateData(code, { label: "", name: (name) => ({ ...known, local })[name as "var"] ?? null });
  const named = { region: evaluate(locals["region"]) };
  const groupNames = ["group_name", "pods_group_name"].filter((name) => name in locals);
  const local = {
    ...named,
    ...Object.fromEntries(groupNames.map((name) => [name, evaluate(locals[name])])),
    tags: evaluate(locals["tags"], named),
  };
  return Object.fromEntries(
    Object.entries(resource).flatMap(([type, resources]) =>
      Object.entries(resources).map(([name, body]) => [`${type}.${name}`, evaluate(body["tags"], local)]),
    ),
  );
}

test("modules with groups or rules have them", () => {
  expect(TAGGED).toStrictEqual([
    "rds-mysql",
    "pod-group",
    "pod-baseline",
    "pod-to-pod",
    "mysql",
    "rds-postgres",
    "elasticache-redis",
    "tcp-service",
  ]);
});

describe.each(TAGGED)("%s", (module) => {
  const tagged = (given?: Given) =>
    Object.entries(tagsOf(module, given)).filter(
      ([address]) => !address.startsWith("aws_security_group_rule."),
    );

  test("gives every group and rule the article's tags", () => {
    expect(tagged()).not.toHaveLength(0);
    for (const [, tags] of tagged()) {
      expect(tags).toMatchObject({
        Name: expect.stringMatching(/./),
        Region: "eu-west-1",
        Platform: "shop",
        CreatedBy: "Terraform",
      });
    }
  });

  test("has the same tags with version 5 and 6 of the provider, and refers to nothing that one deprecates or lacks", () => {
    expect(tagsOf(module, { region: VERSION_6 })).toStrictEqual(tagsOf(module, { region: VERSION_5 }));
    expect(JSON.stringify(committedStack(module))).not.toMatch(/aws_region\.current[.[]/);
  });

  test("puts the caller's tags under its own", () => {
    const own = tagsOf(module);
    for (const [address, tags] of tagged({
      tags: { CostCenter: "4711", Name: "x", Region: "x", Platform: "x" },
    })) {
      expect(tags).toStrictEqual({ CostCenter: "4711", ...(own[address] as object) });
    }
  });

  test("has the tags of what existed before in place of its own", () => {
    for (const [, tags] of tagged({ own_tags: { Team: "a" } })) expect(tags).toStrictEqual({ Team: "a" });
    for (const [address, tags] of tagged({ own_tags: {}, tags: { Team: "a" }, rule_tags: {} }))
      expect(tags).toStrictEqual(address.startsWith("aws_security_group.") ? { Team: "a" } : null);
  });

  test("has no tag Platform without a platform, unless the caller gives one", () => {
    for (const [, tags] of tagged({ platform: null })) expect(tags).not.toHaveProperty("Platform");
    for (const [, tags] of tagged({ platform: null, tags: { Platform: "y" } })) {
      expect(tags).toMatchObject({ Platform: "y" });
    }
  });
});
