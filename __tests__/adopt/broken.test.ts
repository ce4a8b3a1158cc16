import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Json } from "../../io/json";
import { adoptedWith } from "./support/adopted";
import { listings, type Rule } from "./support/listings";
import { classic, group, resource, sg, state, VPC } from "./support/state";

const SECRET = "CANARY";
const RULE: Rule = { id: "sgr-1", on: sg(1), ports: [443, 443], cidr: "10.0.0.0/8" };
const LISTS = listings({ [sg(1)]: "web" }, [RULE]);
const GOOD = state(
  resource("aws_security_group", "web", group(sg(1), "web")),
  resource("aws_security_group_rule", "https", classic(sg(1), { cidr_blocks: ["10.0.0.0/8"] })),
  resource("aws_db_instance", "main", { id: "db", password: SECRET, user_data: SECRET, tags: { a: SECRET } }),
);
/** The good state with other attributes of the resources of a type. */
const withValues = (type: string, change: (values: Json) => Json) => {
  const whole = JSON.parse(GOOD) as { resources: { type: string; instances: { attributes: Json }[] }[] };
  for (const one of whole.resources.filter((one) => one.type === type))
    for (const instance of one.instances) instance.attributes = change(instance.attributes);
  return JSON.stringify(whole);
};

describe("what cannot be read is said in sentences without its values, and nothing is written", () => {
  test.each<[string, string, string]>([
    ["a state cut in a secret", `${GOOD.slice(0, GOOD.indexOf(SECRET))}CANA`, "text that no quote ends"],
    [
      "a state with a quote too many",
      GOOD.replace(SECRET, `x"${SECRET}`),
      'expected "," or "}", found something else',
    ],
    ["text that is no JSON", SECRET, "state.json:1: it is not JSON"],
    ["a single text", `"${SECRET}"`, "expected a JSON object, given a string"],
    [
      "a version that is text",
      `{"format_version": "${SECRET}", "values": {}}`,
      "its format_version is no version",
    ],
    [
      "a version of states that is text",
      `{"version": "${SECRET}", "serial": 1, "lineage": "${SECRET}"}`,
      "a state of version unknown",
    ],
    [
      "an encrypted state",
      `{"serial": 1, "encrypted_data": "${SECRET}", "encryption_version": "v0"}`,
      "encrypted by OpenTofu",
    ],
    [
      "a state whose resources are no list",
      GOOD.replace('"resources":[', '"resources":0,"x":['),
      "its resources are no list",
    ],
    [
      "a group without its VPC",
      withValues("aws_security_group", ({ vpc_id: _, ...values }) => values),
      "aws_security_group.web: no vpc_id.",
    ],
    [
      "a group whose name is no text",
      withValues("aws_security_group", (values) => ({ ...values, name: [SECRET] })),
      "aws_security_group.web: no name.",
    ],
    [
      "a rule without its group",
      withValues("aws_security_group_rule", ({ security_group_id: _, ...values }) => values),
      "aws_security_group_rule.https: no security_group_id.",
    ],
    [
      "an address twice",
      GOOD.replace(
        '"resources":[',
        `"resources":[${JSON.stringify(resource("aws_security_group", "web", group(sg(2), SECRET)))},`,
      ),
      "aws_security_group.web: more than once.",
    ],
  ])("%s", async (_, text, words) => {
    const { status, stdout, stderr, folder } = await adoptedWith({ "state.json": text }, [
      "state.json",
      "--into",
      "out",
    ]);
    expect(stderr).toContain(words);
    expect(`${stdout}${stderr}`).not.toContain("CANA");
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(2);
    expect(existsSync(join(folder, "out"))).toBe(false);
  });

  test("all that is wrong is said at once: files, options and answers", async () => {
    const { status, stderr } = await adoptedWith(
      { "state.json": GOOD, "empty.json": "", "old.json": '{"version": 3, "serial": 1, "lineage": "x"}' },
      [
        ..."empty.json old.json gone.json --accept tag --rules inlne --answer x --var-file a.tfvars --undo".split(
          " ",
        ),
      ],
    );
    for (const words of [
      "--undo says what the plans of --check-plan do",
      "give --into FOLDER",
      "--var-file says how a folder of configuration is read, and none is given",
      "--answer takes QUESTION=VALUE (given: x)",
      "--accept takes tags",
      "empty.json:1: it is not JSON",
      "old.json: it is a state of version 3",
      "gone.json: there is no such file or folder.",
      "--rules inlne: there is no form inlne (did you mean inline?)",
    ])
      expect(stderr).toContain(words);
    expect(status).toBe(2);
  });

  test("groups that no state has, beside other words that are wrong", async () => {
    const { stderr, status } = await adoptedWith({ "state.json": GOOD }, [
      ..."state.json --into out --rules wep=classic --accept drift".split(" "),
    ]);
    expect(stderr).toContain("--rules wep=…: there is no such group (did you mean web?)");
    expect(stderr).toContain("--accept takes tags");
    expect(status).toBe(2);
  });

  test("a plan whose changes are no list is not taken for one without any", async () => {
    const plan = (changes: unknown) =>
      JSON.stringify({ format_version: "1.2", planned_values: {}, resource_changes: changes });
    for (const changes of [SECRET, { a: SECRET }, [SECRET]]) {
      const { status, stderr } = await adoptedWith({ "plan.json": plan(changes) }, [
        "--check-plan",
        "plan.json",
      ]);
      expect(stderr).toContain("plan.json: its resource_changes are no list of changes.");
      expect(stderr).not.toContain(SECRET);
      expect(status).toBe(2);
    }
  });

  test("several plans to check", async () => {
    const plans = await adoptedWith({ "a.json": "", "b.json": GOOD }, ["--check-plan", "a.json", "b.json"]);
    expect(plans.stderr).toContain("a.json:1: it is not JSON");
    expect(plans.stderr).toContain("b.json: it is a state; give a plan");
  });

  test("lists of rules alone, of which there are none, need the groups", async () => {
    const { stderr } = await adoptedWith({ "rules.json": '{"SecurityGroupRules": []}' }, [
      "rules.json",
      "--into",
      "out",
    ]);
    expect(stderr).toContain("`aws ec2 describe-security-groups --output json`");
  });
});

describe("a folder to write to", () => {
  const main = `resource "aws_security_group" "web" {\n  name = "web"\n  vpc_id = "${VPC}"\n}\n`;

  test.each(["/proc/out", "/dev/null", "/dev/null/out", "state.json", "state.json/out"])(
    "that cannot be made, %s, is an error that ends",
    async (into) => {
      const { status, stderr } = await adoptedWith({ "state.json": GOOD }, ["state.json", "--into", into]);
      expect(stderr).toMatch(/\S+: .+\.\n/);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(status).toBe(2);
    },
  );

  test("that is the root which lets the objects go", async () => {
    const files = { "infra/terraform.tfstate": GOOD, "infra/main.tf": main };
    const folder = await adoptedWith(files, ["infra", "--import", "--into", "infra"]);
    expect(folder.stderr).toContain(
      "--into infra is the root that lets the objects go, and --import is for another one.",
    );
    const alone = await adoptedWith(files, ["infra/terraform.tfstate", "--into", "./infra"]);
    expect(alone.stderr).toContain(
      "Give the folder in the place of the state: `adopt ./infra --into ./infra`.",
    );
    expect([folder.status, alone.status]).toStrictEqual([2, 2]);
    expect(Object.keys(alone.written)).toStrictEqual(Object.keys(files).sort());
  });
});

test("lists with secrets around groups, rules and interfaces: no output has them", async () => {
  const groups = JSON.parse(LISTS["groups.json"]) as { SecurityGroups: Json[] };
  const rules = JSON.parse(LISTS["rules.json"]) as { SecurityGroupRules: Json[] };
  const interfaces = [
    {
      NetworkInterfaceId: "eni-1",
      InterfaceType: "interface",
      Description: SECRET,
      RequesterId: SECRET,
      PrivateIpAddress: SECRET,
      TagSet: [{ Key: "node.k8s.amazonaws.com/instance_id", Value: SECRET }],
      Attachment: { InstanceId: SECRET, InstanceOwnerId: SECRET },
      Groups: [{ GroupId: sg(1), GroupName: SECRET }],
    },
  ];
  const { status, stdout, stderr, written } = await adoptedWith(
    {
      "groups.json": JSON.stringify({
        ResponseMetadata: { RequestId: SECRET },
        SecurityGroups: groups.SecurityGroups.map((one) => ({ ...one, More: SECRET })),
      }),
      "rules.json": JSON.stringify({
        SecurityGroupRules: rules.SecurityGroupRules.map((one) => ({ ...one, More: SECRET })),
      }),
      "interfaces.json": JSON.stringify({ NetworkInterfaces: interfaces }),
    },
    ["groups.json", "rules.json", "interfaces.json", "--into", "out"],
  );
  expect(status).toBe(0);
  const out = Object.entries(written).filter(([path]) => path.startsWith("out/"));
  expect(out.length).toBeGreaterThan(4);
  expect(`${stdout}${stderr}${JSON.stringify(out)}`).not.toContain(SECRET);
});
