import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Json } from "../../io/json";
import { filesIn } from "../support/folders";
import { commandHere } from "../support/here";
import { adoptedWith } from "./support/adopted";
import { classic, group, ingress, resource, sg, state, VPC } from "./support/state";

/** Adopts a state with files beside it, and gives what was said and written. */
const adopted = (
  text: string,
  {
    files = {},
    words = ["state.json", "--into", "out"],
  }: { files?: Record<string, string>; words?: string[] } = {},
) => adoptedWith({ "state.json": text, ...files }, words);

/** The calls that were written, by their names. */
const callsOf = (json: Json) => json["module"] as Record<string, Json>;

describe("a group that any module but its own would change", () => {
  test("goes into security-group with its values, and rules of both forms keep their form", async () => {
    const { status, json } = await adopted(
      state(
        resource(
          "aws_security_group",
          "web",
          group(sg(1), "web", { tags: { Team: "a" }, revoke_rules_on_delete: true }),
        ),
        resource(
          "aws_vpc_security_group_ingress_rule",
          "https",
          ingress("sgr-1", sg(1), { cidr_ipv4: "10.0.0.0/8" }),
        ),
        resource(
          "aws_security_group_rule",
          "own",
          classic(sg(1), { type: "egress", self: true, source_security_group_id: sg(1), description: "Own" }),
        ),
      ),
    );
    expect(status).toBe(0);
    expect(callsOf(json("out/adopted.tf.json"))).toStrictEqual({
      web: {
        source: "./modules/security-group",
        name: "web",
        description: "Group web.",
        vpc_id: VPC,
        tags: { Team: "a" },
        ingress: { https: { ip_protocol: "tcp", from_port: 443, to_port: 443, cidr_ipv4: "10.0.0.0/8" } },
        classic_rules: {
          own: {
            type: "egress",
            protocol: "tcp",
            from_port: 443,
            to_port: 443,
            self: true,
            description: "Own",
          },
        },
      },
    });
    expect(json("out/adopted.tf.json")["import"]).toStrictEqual([
      { to: "module.web.aws_security_group.this", id: sg(1) },
      {
        to: 'module.web.aws_security_group_rule.classic["own"]',
        id: `${sg(1)}_egress_tcp_443_443_self`,
      },
      { to: 'module.web.aws_vpc_security_group_ingress_rule.ingress["https"]', id: "sgr-1" },
    ]);
  });

  test("inside the state spellings stay as they are, and an import has those that it reads: any other would be a change", async () => {
    const text = state(
      resource("aws_security_group", "web", group(sg(1), "web")),
      resource(
        "aws_vpc_security_group_ingress_rule",
        "six",
        ingress("sgr-1", sg(1), { ip_protocol: "6", cidr_ipv6: "2001:DB8::/32" }),
      ),
      resource("aws_security_group_rule", "own", classic(sg(1), { cidr_blocks: ["10.0.0.0/8"] })),
    );
    const classicRules = { own: { protocol: "tcp", cidr_blocks: ["10.0.0.0/8"] } };
    const imported = await adopted(text);
    expect(callsOf(imported.json("out/adopted.tf.json"))["web"]).toMatchObject({
      ingress: { six: { ip_protocol: "tcp", cidr_ipv6: "2001:db8::/32" } },
      classic_rules: classicRules,
    });
    const moved = await adopted(text, {
      files: { "main.tf": "locals {}\n" },
      words: ["state.json", ".", "--into", "out"],
    });
    expect(callsOf(moved.json("out/adopted.tf.json"))["web"]).toMatchObject({
      ingress: { six: { ip_protocol: "6", cidr_ipv6: "2001:DB8::/32" } },
      classic_rules: classicRules,
    });
  });

  test("port -1 of a protocol without ports stays inside the state, and an import reads none", async () => {
    const text = state(
      resource("aws_security_group", "web", group(sg(1), "web")),
      resource("aws_vpc_security_group_egress_rule", "all", {
        id: "sgr-1",
        security_group_id: sg(1),
        ip_protocol: "-1",
        from_port: -1,
        to_port: -1,
        cidr_ipv4: "0.0.0.0/0",
      }),
    );
    const imported = await adopted(text);
    expect(imported.calls()["web"]?.["egress"]).toStrictEqual({
      all: { ip_protocol: "-1", cidr_ipv4: "0.0.0.0/0" },
    });
    const moved = await adopted(text, {
      files: { "main.tf": "locals {}\n" },
      words: ["state.json", ".", "--into", "out"],
    });
    expect(moved.calls()["web"]?.["egress"]).toMatchObject({ all: { from_port: -1, to_port: -1 } });
  });

  test("a rule of ICMP with port -1, which the import of its form loses, is imported in the classic form, unless asked to be kept", async () => {
    const text = state(
      resource("aws_security_group", "web", group(sg(1), "web")),
      resource("aws_vpc_security_group_ingress_rule", "echo", {
        ping: ingress("sgr-1", sg(1), {
          ip_protocol: "icmp",
          from_port: 8,
          to_port: -1,
          cidr_ipv4: "10.0.0.0/8",
        }),
        code: ingress("sgr-2", sg(1), {
          ip_protocol: "icmp",
          from_port: 3,
          to_port: 4,
          cidr_ipv4: "10.0.0.0/8",
        }),
      }),
    );
    const callIn = ({ json }: Awaited<ReturnType<typeof adopted>>) =>
      callsOf(json("out/adopted.tf.json"))["web"];
    const imported = await adopted(text);
    expect(imported.stdout).toContain("2 rules from per-rule to classic");
    expect(imported.stdout).toContain("terraform-provider-aws#44935");
    expect(Object.values(callIn(imported)?.["classic_rules"] as Json)).toMatchObject([
      { protocol: "icmp", from_port: 3, to_port: 4 },
      { protocol: "icmp", from_port: 8, to_port: -1 },
    ]);
    expect(imported.json("out/old-root/released.tf.json")["removed"]).toHaveLength(3);

    const words = ["state.json", "--into", "out", "--rules", "web=keep"];
    expect(callIn(await adopted(text, { words }))).not.toHaveProperty("classic_rules");
    const moved = await adopted(text, {
      files: { "main.tf": "locals {}\n" },
      words: ["state.json", ".", "--into", "out"],
    });
    expect(callIn(moved)).not.toHaveProperty("classic_rules");
  });

  test("instances become calls of their own, text that looks like a template stays text, and names stay apart", async () => {
    const { json } = await adopted(
      state(
        resource("aws_security_group", "team", {
          a: group(sg(1), "team", { tags: { Owner: "${x}" } }),
          b: group(sg(2), "Team!"),
        }),
      ),
    );
    const calls = callsOf(json("out/adopted.tf.json"));
    expect(Object.keys(calls)).toStrictEqual(["team", "team_2"]);
    expect(calls["team"]?.["tags"]).toStrictEqual({ Owner: "$${x}" });
    expect(json("out/old-root/released.tf.json")).toMatchObject({
      moved: [
        { from: 'aws_security_group.team["a"]', to: "aws_security_group.released_team" },
        { from: 'aws_security_group.team["b"]', to: "aws_security_group.released_team_2" },
      ],
      removed: [
        { from: "aws_security_group.released_team", lifecycle: { destroy: false } },
        { from: "aws_security_group.released_team_2", lifecycle: { destroy: false } },
      ],
    });
  });

  test("groups that are taken over are named by their calls, others by their ids", async () => {
    const { json } = await adopted(
      state(
        resource("aws_security_group", "a", group(sg(1), "a")),
        resource("aws_security_group", "b", group(sg(2), "b")),
        resource(
          "aws_vpc_security_group_ingress_rule",
          "b",
          ingress("sgr-1", sg(1), { referenced_security_group_id: sg(2) }),
        ),
        resource(
          "aws_vpc_security_group_ingress_rule",
          "c",
          ingress("sgr-2", sg(1), { referenced_security_group_id: sg(9) }),
        ),
        // On a group of others, and about one that is taken over: it goes with that one.
        resource("aws_security_group_rule", "d", classic(sg(9), { source_security_group_id: sg(2) })),
      ),
    );
    const { a, b } = callsOf(json("out/adopted.tf.json"));
    expect(a?.["ingress"]).toMatchObject({
      b: { referenced_security_group_id: "${module.b.security_group_id}" },
      c: { referenced_security_group_id: sg(9) },
    });
    expect(b?.["classic_rules"]).toMatchObject({
      d: { security_group_id: sg(9), source_security_group_id: sg(2) },
    });
  });

  test("with the folder of the configuration blocks are told from rules of others, and objects move", async () => {
    const rule = {
      protocol: "-1",
      from_port: 0,
      to_port: 0,
      cidr_blocks: ["0.0.0.0/0"],
      ipv6_cidr_blocks: [],
      prefix_list_ids: [],
      security_groups: [],
      self: false,
      description: "",
    };
    const text = state(
      resource("aws_security_group", "blocks", group(sg(1), "blocks", { egress: [rule] })),
      resource(
        "aws_security_group",
        "others",
        group(sg(2), "others", { egress: [rule], revoke_rules_on_delete: true }),
      ),
    );
    const root = `resource "aws_security_group" "blocks" {
  name   = "blocks"
  vpc_id = "${VPC}"
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "others" {
  provider = aws.west
  name     = "others"
  vpc_id   = "${VPC}"
}
`;
    const { status, stdout, json } = await adopted(text, {
      files: { "main.tf": root },
      words: ["state.json", ".", "--into", "out"],
    });
    expect(status).toBe(0);
    expect(json("out/adopted.tf.json")).toMatchObject({
      module: {
        blocks: {
          inline_egress: [{ protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["0.0.0.0/0"] }],
        },
        others: { revoke_rules_on_delete: true, providers: { aws: "aws.west" } },
      },
      moved: [
        { from: "aws_security_group.blocks", to: "module.blocks.aws_security_group.this" },
        { from: "aws_security_group.others", to: "module.others.aws_security_group.this" },
      ],
    });
    expect(callsOf(json("out/adopted.tf.json"))["others"]).not.toHaveProperty("inline_egress");
    expect(stdout).toContain(
      "left aws_security_group.others: its rule egress all traffic to 0.0.0.0/0 is in neither a resource nor a block",
    );

    // Without the folder nobody can tell: it is said, and the exit code says that something is left.
    const alone = await adopted(text);
    expect(alone.status).toBe(3);
    // With it and --import, another root takes the blocks, too.
    const imported = await adopted(text, {
      files: { "main.tf": root },
      words: ["state.json", ".", "--import", "--into", "out"],
    });
    expect(imported.status).toBe(0);
    expect(imported.json("out/adopted.tf.json")).toMatchObject({
      module: { blocks: { inline_egress: [{ protocol: "-1" }] } },
      import: [{ id: sg(1) }, { id: sg(2) }],
    });
    expect(callsOf(imported.json("out/adopted.tf.json"))["others"]).not.toHaveProperty("providers");
    expect(alone.stdout.match(/^LEFT .*Its configuration tells which: give the folder, too/gm)).toHaveLength(
      2,
    );
  });

  test("a name that the provider made up names no call: its resource does", async () => {
    const { json } = await adopted(
      state(
        resource("aws_security_group", "web", group(sg(1), "web-20261126112435314900000003")),
        resource("aws_security_group", "team", { a: group(sg(2), "terraform-20261126112435311300000002") }),
        resource(
          "aws_security_group",
          "this",
          { "": group(sg(3), "terraform-20261126112435311300000003") },
          'module.cache["a"]',
        ),
      ),
    );
    // In a module, the call's name says more than `this`.
    expect(Object.keys(callsOf(json("out/adopted.tf.json")))).toStrictEqual(["cache_a", "team_a", "web"]);
  });

  test("another root gets blocks as import reads them: AWS does not know how they were divided", async () => {
    const block = (more: Json): Json => ({ protocol: "tcp", from_port: 443, to_port: 443, ...more });
    const blocks = [
      block({ cidr_blocks: ["10.0.0.0/8"] }),
      block({ cidr_blocks: ["10.0.0.0/8", "192.0.2.0/24"], self: true }),
      block({ cidr_blocks: ["10.1.0.0/16"], description: "Office" }),
    ];
    const files = {
      "main.tf.json": JSON.stringify({ resource: { aws_security_group: { a: { ingress: blocks } } } }),
    };
    const text = state(resource("aws_security_group", "a", group(sg(1), "a", { ingress: blocks })));
    const inlineOf = async (...words: string[]) => {
      const { json } = await adopted(text, { files, words: ["state.json", ".", ...words, "--into", "out"] });
      return callsOf(json("out/adopted.tf.json"))["a"]?.["inline_ingress"];
    };
    expect(await inlineOf()).toStrictEqual(blocks);
    expect(await inlineOf("--import")).toStrictEqual([
      block({ cidr_blocks: ["10.0.0.0/8", "192.0.2.0/24"], self: true }),
      block({ cidr_blocks: ["10.1.0.0/16"], description: "Office" }),
    ]);
  });

  test("a module of somebody else whose group has the same address keeps its call, and the new one another name", async () => {
    const call = 'module "web" {\n  source = "./cache"\n}\n';
    const group1 = group(sg(1), "web");
    const text = state(resource("aws_security_group", "this", { "": group1 }, "module.web"));
    const module = 'resource "aws_security_group" "this" {\n  name = "web"\n}\n';
    const { calls } = await adoptedWith({ "main.tf": call, "cache/main.tf": module, "state.json": text }, [
      "state.json",
      ".",
      "--into",
      "out",
    ]);
    expect(Object.keys(calls())).toStrictEqual(["web_2"]);
  });

  test("what import does not read is said", async () => {
    const revoking = group(sg(1), "a", { revoke_rules_on_delete: true });
    const { written } = await adopted(state(resource("aws_security_group", "a", revoking)));
    expect(written["out/adoption.md"]).toContain("set it to true in `module.a` afterwards");
    expect(written["out/adopted.tf.json"]).not.toContain("revoke_rules_on_delete");
  });

  test("a second region gets a provider of its own, and tags of the provider stay its own", async () => {
    const { json } = await adopted(
      state(
        resource("aws_security_group", "a", group(sg(1), "a", { tags_all: { Owner: "x" } })),
        resource(
          "aws_security_group",
          "b",
          group(sg(2), "b", {
            arn: "arn:aws:ec2:us-east-1:111122223333:security-group/x",
          }),
        ),
      ),
    );
    expect(json("out/versions.tf.json")).toMatchObject({
      terraform: { required_version: ">= 1.7" },
      provider: {
        aws: [
          { region: "eu-west-1", default_tags: { tags: { Owner: "x" } } },
          { alias: "us_east_1", region: "us-east-1" },
        ],
      },
    });
    expect(callsOf(json("out/adopted.tf.json"))["b"]?.["providers"]).toStrictEqual({ aws: "aws.us_east_1" });
  });
});

describe("groups in two accounts, in another root", () => {
  test("get a provider for each, which takes no credentials of the other, and it is said that each needs its own", async () => {
    const arn = (account: string, id: number) => `arn:aws:ec2:eu-west-1:${account}:security-group/${sg(id)}`;
    const { json, calls, written } = await adopted(
      state(
        resource("aws_security_group", "a", group(sg(1), "a", { arn: arn("111122223333", 1) })),
        resource("aws_security_group", "b", group(sg(2), "b", { arn: arn("444455556666", 2) })),
      ),
    );
    expect(json("out/versions.tf.json")["provider"]).toStrictEqual({
      aws: [
        { region: "eu-west-1", allowed_account_ids: ["111122223333"] },
        {
          alias: "eu_west_1_account_444455556666",
          region: "eu-west-1",
          allowed_account_ids: ["444455556666"],
        },
      ],
    });
    expect(calls()["a"]).not.toHaveProperty("providers");
    expect(calls()["b"]?.["providers"]).toStrictEqual({ aws: "aws.eu_west_1_account_444455556666" });
    expect(written["out/adoption.md"]).toContain("The groups are in several accounts");
  });
});

describe("tags that the provider adds to all groups, in another root", () => {
  const ofTags = (id: number, tags: Json, all: Json) =>
    resource("aws_security_group", `g${id}`, group(sg(id), `g${id}`, { tags, tags_all: all }));
  const providerOf = ({ json }: Awaited<ReturnType<typeof adopted>>) =>
    json("out/versions.tf.json")["provider"];

  test("are known where a group has one of them as its own", async () => {
    const one = await adopted(
      state(
        ofTags(1, {}, { Owner: "x", Env: "prod" }),
        ofTags(2, { Owner: "x" }, { Owner: "x", Env: "prod" }),
        ofTags(3, { Env: "test" }, { Owner: "x", Env: "test" }),
      ),
    );
    expect(providerOf(one)).toStrictEqual({
      aws: [{ region: "eu-west-1", default_tags: { tags: { Owner: "x", Env: "prod" } } }],
    });
    expect(one.written["out/adoption.md"]).not.toContain("Give it yours first");
  });

  test("are no tags of a call's own, although an object has one of them as its own: an import reads them as the provider's", async () => {
    const one = await adopted(
      state(
        ofTags(1, {}, { Owner: "x" }),
        ofTags(2, { Owner: "x", Team: "a" }, { Owner: "x", Team: "a" }),
        resource(
          "aws_vpc_security_group_ingress_rule",
          "https",
          ingress("sgr-1", sg(2), { cidr_ipv4: "10.0.0.0/8", tags: { Owner: "x" } }),
        ),
      ),
    );
    expect(providerOf(one)).toMatchObject({ aws: [{ default_tags: { tags: { Owner: "x" } } }] });
    expect(one.calls()["g2"]).toMatchObject({ tags: { Team: "a" } });
    expect(one.calls()["g2"]?.["ingress"]).not.toHaveProperty("https.tags");
    // Inside the state they stay as they are.
    const moved = await adopted(
      state(ofTags(1, {}, { Owner: "x" }), ofTags(2, { Owner: "x", Team: "a" }, { Owner: "x", Team: "a" })),
      { files: { "main.tf": "locals {}\n" }, words: ["state.json", ".", "--into", "out"] },
    );
    expect(moved.calls()["g2"]).toMatchObject({ tags: { Owner: "x", Team: "a" } });
  });

  test("are not known where groups have other ones", async () => {
    const one = await adopted(state(ofTags(1, {}, { Owner: "x" }), ofTags(2, {}, {})));
    expect(providerOf(one)).toStrictEqual({ aws: [{ region: "eu-west-1" }] });
    expect(one.written["out/adoption.md"]).toContain("Give it yours first");
  });
});

describe("what is not taken over", () => {
  test("groups of others, each with its reason: nothing is missing", async () => {
    const tagged = (key: string) => ({ tags: { [key]: "x" } });
    const { status, stdout, json } = await adopted(
      state(
        resource("aws_security_group", "mine", group(sg(1), "mine")),
        resource("aws_security_group", "stack", group(sg(2), "s", tagged("aws:cloudformation:stack-name"))),
        resource("aws_security_group", "eks", group(sg(3), "eks-cluster-sg-main-123")),
        resource("aws_security_group", "lb", group(sg(4), "lb", tagged("elbv2.k8s.aws/cluster"))),
        resource("aws_default_security_group", "default", group(sg(5), "default")),
        resource("aws_security_group_rule", "lb", classic(sg(4), { cidr_blocks: ["0.0.0.0/0"] })),
      ),
    );
    expect(status).toBe(0);
    expect(Object.keys(callsOf(json("out/adopted.tf.json")))).toStrictEqual(["mine"]);
    for (const words of [
      "left aws_security_group.stack: a stack of CloudFormation",
      "left aws_security_group.eks: EKS makes it",
      "left aws_security_group.lb: the load balancer controller",
      "left aws_default_security_group.default: the default group",
      `left aws_security_group_rule.lb: no call can hold it: it is on ${sg(4)}`,
    ])
      expect(stdout).toContain(words);
  });

  test("a rule that no call can hold is missing: the exit code is 3", async () => {
    const { status, stdout } = await adopted(
      state(
        resource("aws_security_group", "mine", group(sg(1), "mine")),
        resource("aws_security_group_rule", "far", classic(sg(9), { cidr_blocks: ["10.0.0.0/8"] })),
      ),
    );
    expect(status).toBe(3);
    expect(stdout).toContain(`LEFT aws_security_group_rule.far: no call can hold it: it is on ${sg(9)}`);
  });

  test("a group that a state has under two addresses is taken once, and the other address is missing", async () => {
    const { status, stdout, json } = await adopted(
      state(
        resource("aws_security_group", "a", group(sg(1), "web")),
        resource("aws_security_group", "b", group(sg(1), "web")),
      ),
    );
    expect(json("out/adopted.tf.json")["import"]).toStrictEqual([
      { to: "module.web.aws_security_group.this", id: sg(1) },
    ]);
    expect(stdout).toContain(
      `LEFT aws_security_group.b: it is the same group as aws_security_group.a (${sg(1)}), which the state has twice.`,
    );
    expect(status).toBe(3);
  });

  test("secrets of a state: no output has anything but groups and rules", async () => {
    const secret = "CANARY-7f3a";
    const { stdout, written } = await adopted(
      state(
        resource("aws_security_group", "mine", group(sg(1), "mine", { timeouts: { create: secret } })),
        resource("aws_db_instance", "db", { id: "db", password: secret, vpc_security_group_ids: [sg(1)] }),
        resource("random_password", secret.toLowerCase(), { id: "none", result: secret }),
        resource(
          "aws_vpc_security_group_ingress_rule",
          "a",
          ingress("sgr-1", sg(1), { cidr_ipv4: "10.0.0.0/8", arn: secret }),
        ),
      ),
    );
    const outputs = Object.entries(written).filter(([path]) => path.startsWith("out/"));
    expect(outputs.length).toBeGreaterThan(5);
    for (const [path, text] of [...outputs, ["standard output", stdout]])
      expect(text?.toLowerCase(), path).not.toContain(secret.toLowerCase());
  });
});

describe("what is written", () => {
  const ONE = state(resource("aws_security_group", "web", group(sg(1), "web")));

  test("nothing is overwritten, and nothing is written then", async () => {
    const { folder } = await adopted(ONE);
    // The same again: all is there already.
    expect(await commandHere(["adopt", "state.json", "--into", "out"], folder)).toMatchObject({ status: 0 });
    writeFileSync(join(folder, "out/adopted.tf.json"), "{}");
    const before = filesIn(folder);
    const { status, stderr } = await commandHere(["adopt", "state.json", "--into", "out"], folder);
    expect(status).toBe(2);
    expect(stderr).toContain("out/adopted.tf.json: already there, and not overwritten.");
    expect(filesIn(folder)).toStrictEqual(before);
  });

  test("--dry-run writes nothing, and needs no folder", async () => {
    const { status, stdout, written } = await adopted(ONE, { words: ["state.json", "--dry-run"] });
    expect(status).toBe(0);
    expect(stdout).toContain("module.web  security-group: 1 group, 0 rules\n");
    expect(stdout).toContain("Nothing was written");
    expect(Object.keys(written)).toStrictEqual(["state.json"]);
  });

  test("the page starts with the backup of the state, and the map has every object", async () => {
    const { written, json } = await adopted(ONE);
    expect(written["out/adoption.md"]).toMatch(/## Steps\n\n1\. Back up the state/);
    expect(written["out/adoption.md"]).toContain(
      "| `aws_security_group.web` | `module.web.aws_security_group.this` |",
    );
    expect(json("out/adoption.json")).toMatchObject({
      format: 1,
      calls: [{ call: "module.web", module: "security-group", takes: [{ from: "aws_security_group.web" }] }],
      counts: { taken: 1, left: 0 },
    });
  });

  test.each([
    ["no place to write to", ["state.json"], "give --into FOLDER"],
    ["a folder without a state", [".", "--into", "out"], ".: there is no terraform.tfstate in it."],
    ["two states", ["state.json", "state.json", "--into", "out"], "Adopt one state at a time."],
    ["nothing", ["--into", "out"], "adopt takes one state and the folder of its configuration"],
    ["a state without groups", ["empty.json", "--into", "out"], "empty.json: it holds no security groups"],
    [
      "--into beside --check-plan",
      ["plan.json", "--check-plan", "--into", "out"],
      "--into has no effect on --check-plan",
    ],
  ])("%s: one sentence, and the exit code 2", async (_, words, sentence) => {
    const plan = JSON.stringify({ format_version: "1.2", planned_values: {}, resource_changes: [] });
    const { status, stderr } = await adopted(ONE, {
      words,
      files: { "plan.json": plan, "empty.json": state() },
    });
    expect(stderr).toContain(sentence);
    expect(status).toBe(2);
  });
});
