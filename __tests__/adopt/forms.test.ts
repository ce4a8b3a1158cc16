import { describe, expect, test } from "vitest";
import type { Json } from "../../io/json";
import { adoptedWith } from "./support/adopted";
import { classic, group, ingress, resource, sg, state, VPC } from "./support/state";

const PERMIT = { protocol: "tcp", from_port: 443, to_port: 443 };
const PREFIX_LIST = "pl-0a1b2c3d4e5f60001";

/** A root that has such a group, with or without blocks, and where rules have resources of their own. */
const root = (name: string, blocks = "") => `resource "aws_security_group" "${name}" {
  name   = "${name}"
  vpc_id = "${VPC}"
${blocks}}
`;
const BLOCK = `  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/16"]
  }
`;

async function converted(text: string, words: string[], files: Record<string, string> = {}) {
  const { json, calls, ...said } = await adoptedWith({ "state.json": text, ...files }, [
    "state.json",
    "--into",
    "out",
    ...words,
  ]);
  return {
    ...said,
    json: (path: string) => json(`out/${path}`),
    call: (name: string) => calls()[name] ?? {},
  };
}

/** The same with the folder of the configuration: objects move inside their state. */
const inItsRoot = (text: string, main: string, words: string[]) =>
  converted(text, [".", ...words], { "main.tf": main });

/** One rule of `sg(1)` in each form, with its peer, and how the other forms have it. */
const RULES: Readonly<
  Record<
    string,
    {
      readonly perRule: Json;
      readonly classic: Json;
      readonly inline: Json;
      /** What the made-up id of the classic form ends with. */
      readonly id: string;
      /** Why it cannot become per-rule. */
      readonly refused?: string;
    }
  >
> = {
  IPv4: {
    perRule: { ip_protocol: "tcp", from_port: 443, to_port: 443, cidr_ipv4: "10.0.0.0/16" },
    classic: { ...PERMIT, cidr_blocks: ["10.0.0.0/16"] },
    inline: { ...PERMIT, cidr_blocks: ["10.0.0.0/16"] },
    id: "tcp_443_443_10.0.0.0/16",
  },
  "IPv6 with a description": {
    perRule: {
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
      cidr_ipv6: "2001:db8::/32",
      description: "Six",
    },
    classic: { ...PERMIT, ipv6_cidr_blocks: ["2001:db8::/32"], description: "Six" },
    inline: { ...PERMIT, ipv6_cidr_blocks: ["2001:db8::/32"], description: "Six" },
    id: "tcp_443_443_2001:db8::/32",
  },
  "a prefix list": {
    perRule: { ip_protocol: "tcp", from_port: 443, to_port: 443, prefix_list_id: PREFIX_LIST },
    classic: { ...PERMIT, prefix_list_ids: [PREFIX_LIST] },
    inline: { ...PERMIT, prefix_list_ids: [PREFIX_LIST] },
    id: `tcp_443_443_${PREFIX_LIST}`,
  },
  "another group": {
    perRule: { ip_protocol: "udp", from_port: 53, to_port: 60, referenced_security_group_id: sg(9) },
    classic: { protocol: "udp", from_port: 53, to_port: 60, source_security_group_id: sg(9) },
    inline: { protocol: "udp", from_port: 53, to_port: 60, security_groups: [sg(9)] },
    id: `udp_53_60_${sg(9)}`,
  },
  "a group of another account": {
    perRule: {
      ip_protocol: "tcp",
      from_port: 1,
      to_port: 2,
      referenced_security_group_id: `111122223333/${sg(9)}`,
    },
    classic: { protocol: "tcp", from_port: 1, to_port: 2, source_security_group_id: `111122223333/${sg(9)}` },
    inline: { protocol: "tcp", from_port: 1, to_port: 2, security_groups: [`111122223333/${sg(9)}`] },
    id: `tcp_1_2_111122223333/${sg(9)}`,
  },
  "itself, all traffic": {
    perRule: { ip_protocol: "-1", referenced_security_group_id: sg(1) },
    classic: { protocol: "-1", from_port: 0, to_port: 0, self: true },
    inline: { protocol: "-1", from_port: 0, to_port: 0, self: true },
    id: "all_0_0_self",
  },
  "a protocol without ports": {
    perRule: { ip_protocol: "50", cidr_ipv4: "10.0.0.0/16" },
    classic: { protocol: "50", from_port: 0, to_port: 0, cidr_blocks: ["10.0.0.0/16"] },
    inline: { protocol: "50", from_port: 0, to_port: 0, cidr_blocks: ["10.0.0.0/16"] },
    id: "50_0_0_10.0.0.0/16",
  },
  ICMP: {
    perRule: { ip_protocol: "icmp", from_port: 8, to_port: -1, cidr_ipv4: "10.0.0.0/16" },
    classic: { protocol: "icmp", from_port: 8, to_port: -1, cidr_blocks: ["10.0.0.0/16"] },
    inline: { protocol: "icmp", from_port: 8, to_port: -1, cidr_blocks: ["10.0.0.0/16"] },
    id: "icmp_8_-1_10.0.0.0/16",
    refused: "terraform-provider-aws#44935",
  },
};

const TYPE = { classic: "aws_security_group_rule", "per-rule": "aws_vpc_security_group_ingress_rule" };
const ABSENT = {
  cidr_blocks: [],
  ipv6_cidr_blocks: [],
  prefix_list_ids: [],
  security_groups: [],
  self: false,
  description: "",
};

/** A group with that one rule, as a state has it in that form. The state knows the rule's id. */
function running(form: string, rule: (typeof RULES)[string]): string {
  const live = { ingress: [{ ...ABSENT, ...rule.inline }] };
  const rules = {
    inline: [],
    classic: [
      resource(TYPE.classic, "web", {
        ...classic(sg(1), rule.classic),
        security_group_rule_id: "sgr-1",
      }),
    ],
    "per-rule": [
      resource(TYPE["per-rule"], "web", {
        id: "sgr-1",
        security_group_id: sg(1),
        security_group_rule_id: "sgr-1",
        ...rule.perRule,
      }),
    ],
  }[form];
  return state(resource("aws_security_group", "web", group(sg(1), "web", live)), ...(rules ?? []));
}

describe.each(Object.entries(RULES))("a rule for %s", (_, rule) => {
  test.each([
    ["classic", "per-rule"],
    ["inline", "classic"],
    ["per-rule", "classic"],
    ["classic", "inline"],
    ["per-rule", "inline"],
  ] as const)("from %s to %s", async (from, to) => {
    const main = root("web", from === "inline" ? BLOCK : "");
    const { status, stdout, json, call, written } = await inItsRoot(running(from, rule), main, [
      "--rules",
      to,
    ]);
    if (to === "per-rule" && rule.refused !== undefined) {
      expect(stdout).toContain(rule.refused);
      expect(stdout).toContain(`--rules ${sg(1)}=classic`);
      expect(status).toBe(1);
      expect(Object.keys(written).filter((path) => path.startsWith("out/"))).toStrictEqual([]);
      return;
    }
    expect(stdout).toContain(`aws_security_group.web: 1 rule from ${from} to ${to}`);
    expect(status).toBe(0);
    const adopted = json("adopted.tf.json");
    const undo = json("undo/undo.tf.json");
    const { ingress, egress, classic_rules, inline_ingress, inline_egress } = call("web");
    expect({ egress, inline_egress }).toStrictEqual({ egress: undefined, inline_egress: undefined });

    // The call has it in its form alone.
    const only = <T>(map: unknown) => Object.values((map ?? {}) as Record<string, T>);
    if (to === "inline") {
      expect([ingress, classic_rules]).toStrictEqual([undefined, undefined]);
      expect(inline_ingress).toStrictEqual([rule.inline]);
    } else if (to === "classic") {
      expect([ingress, inline_ingress]).toStrictEqual([undefined, undefined]);
      expect(only(classic_rules)).toStrictEqual([{ type: "ingress", ...rule.classic }]);
    } else {
      expect([classic_rules, inline_ingress]).toStrictEqual([undefined, undefined]);
      expect(only(ingress)).toStrictEqual([rule.perRule]);
    }

    // What declares it today is let go, and never destroyed; what is a resource then is imported.
    const imports = (blocks: Json) => (blocks["import"] as Json[] | undefined)?.map(({ id }) => id) ?? [];
    const id = (form: string) =>
      form === "inline" ? [] : [form === "classic" ? `${sg(1)}_ingress_${rule.id}` : "sgr-1"];
    expect(imports(adopted)).toStrictEqual(id(to));
    expect(imports(undo)).toStrictEqual(id(from));
    for (const [blocks, form] of [
      [adopted, from],
      [undo, to],
    ] as const) {
      const removed = blocks["removed"] as Json[] | undefined;
      expect(removed?.map(({ lifecycle }) => lifecycle) ?? []).toStrictEqual(
        form === "inline" ? [] : [{ destroy: false }],
      );
      if (form !== "inline") expect(blocks["terraform"]).toStrictEqual({ required_version: ">= 1.7" });
    }
    expect(written["out/adoption.md"]).toContain("## Rules that get another form");
    expect((json("adoption.json")["conversions"] as Json[])[0]).toMatchObject({ from: [from], to, rules: 1 });
  });
});

describe("rules of several peers", () => {
  const several = state(
    resource("aws_security_group", "web", group(sg(1), "web")),
    resource(
      "aws_security_group_rule",
      "web",
      classic(sg(1), { cidr_blocks: ["10.0.0.0/16", "10.1.0.0/16"] }),
    ),
  );

  test("their ids are asked for by the exact command, and nothing is written", async () => {
    const { status, stdout, written } = await converted(several, ["--rules", "per-rule"]);
    expect(stdout).toContain(
      `\`aws ec2 describe-security-group-rules --region eu-west-1 --filters Name=group-id,Values=${sg(1)} --output json > rules.json\``,
    );
    expect(stdout).toContain("2 rules (ingress tcp 443 from 10.0.0.0/16; ingress tcp 443 from 10.1.0.0/16)");
    expect(stdout).toContain("Nothing was written");
    expect(status).toBe(1);
    expect(Object.keys(written)).toStrictEqual(["state.json"]);
  });

  test("become one block, because AWS is read so", async () => {
    const { call } = await converted(
      state(
        resource("aws_security_group", "web", group(sg(1), "web")),
        resource(
          "aws_security_group_rule",
          "web",
          classic(sg(1), { cidr_blocks: ["10.0.0.0/16", "10.1.0.0/16"] }),
        ),
        resource("aws_security_group_rule", "six", classic(sg(1), { ipv6_cidr_blocks: ["2001:db8::/32"] })),
        resource("aws_security_group_rule", "other", classic(sg(1), { self: true, description: "Own" })),
      ),
      ["--rules", "inline"],
    );
    expect(call("web")["inline_ingress"]).toStrictEqual([
      { ...PERMIT, self: true, description: "Own" },
      { ...PERMIT, ipv6_cidr_blocks: ["2001:db8::/32"], cidr_blocks: ["10.0.0.0/16", "10.1.0.0/16"] },
    ]);
  });

  test("two resources that mean the same become one rule, and both are released", async () => {
    const twice = { ...classic(sg(1), { cidr_blocks: ["10.0.0.0/16"] }), security_group_rule_id: "sgr-1" };
    const { json, call } = await converted(
      state(
        resource("aws_security_group", "web", group(sg(1), "web")),
        resource("aws_security_group_rule", "a", twice),
        resource("aws_security_group_rule", "b", twice),
      ),
      ["--rules", "per-rule"],
    );
    expect(Object.keys(call("web")["ingress"] as Json)).toStrictEqual(["a"]);
    expect(json("old-root/released.tf.json")["removed"]).toHaveLength(3);
    expect(JSON.stringify(json("adoption.json"))).toContain('"from":"aws_security_group_rule.b"');
  });
});

describe("which groups", () => {
  const two = state(
    resource("aws_security_group", "a", group(sg(1), "a")),
    resource("aws_security_group", "b", group(sg(2), "b=1")),
    resource(
      "aws_vpc_security_group_ingress_rule",
      "a",
      ingress("sgr-1", sg(1), { cidr_ipv4: "10.0.0.0/8" }),
    ),
    resource(
      "aws_vpc_security_group_ingress_rule",
      "b",
      ingress("sgr-2", sg(2), { cidr_ipv4: "10.0.0.0/8" }),
    ),
  );

  test.each([
    ["all", ["--rules", "classic"], ["classic_rules", "classic_rules"]],
    ["one by its name, which has the sign", ["--rules", "b=1=classic"], ["ingress", "classic_rules"]],
    ["one by its address", ["--rules", "aws_security_group.a=classic"], ["classic_rules", "ingress"]],
    ["one by its id", ["--rules", `${sg(2)}=inline`], ["ingress", "inline_ingress"]],
    ["all but one", ["--rules", "classic", "--rules", "a=keep"], ["ingress", "classic_rules"]],
    ["none, which have the form already", ["--rules", "per-rule"], ["ingress", "ingress"]],
  ])("%s", async (_, words, variables) => {
    const { status, call } = await converted(two, words);
    expect(status).toBe(0);
    const given = (name: string) =>
      ["ingress", "classic_rules", "inline_ingress"].filter((variable) => variable in call(name));
    expect([...given("a"), ...given("b_1")]).toStrictEqual(variables);
  });

  test.each([
    ["a form that there is not", ["--rules", "perrule"], "there is no form perrule (did you mean per-rule?)"],
    ["a group that there is not", ["--rules", "aa=classic"], "--rules aa=…: there is no such group"],
    ["two forms for all", ["--rules", "classic", "--rules", "inline"], "give one form for all"],
    [
      "two for one",
      ["--rules", "a=classic", "--rules", `${sg(1)}=inline`],
      "the same group has --rules …=classic",
    ],
  ])("%s: a sentence, and nothing is written", async (_, words, sentence) => {
    const { status, stderr, written } = await converted(two, words);
    expect(stderr).toContain(sentence);
    expect(status).toBe(2);
    expect(Object.keys(written)).toStrictEqual(["state.json"]);
  });

  test("a name of two groups: the ids are named", async () => {
    const { stderr, status } = await converted(
      state(
        resource("aws_security_group", "a", group(sg(1), "web")),
        resource("aws_security_group", "b", group(sg(2), "web")),
      ),
      ["--rules", "web=classic"],
    );
    expect(stderr).toContain(`2 groups have this name: aws_security_group.a (${sg(1)})`);
    expect(status).toBe(2);
  });

  test("groups of others stay as they are; one that is named is rejected with the reason", async () => {
    const text = state(
      resource("aws_security_group", "mine", group(sg(1), "mine")),
      resource("aws_security_group", "lb", group(sg(2), "lb", { tags: { "elbv2.k8s.aws/cluster": "x" } })),
      resource(
        "aws_vpc_security_group_ingress_rule",
        "lb",
        ingress("sgr-1", sg(2), { cidr_ipv4: "10.0.0.0/8" }),
      ),
    );
    expect(await converted(text, ["--rules", "classic"])).toMatchObject({ status: 0 });
    const { status, stdout } = await converted(text, ["--rules", "lb=classic"]);
    expect(stdout).toContain(
      `rejected: aws_security_group.lb (${sg(2)}) is not converted: the load balancer`,
    );
    expect(status).toBe(1);
  });
});

describe("what another form cannot hold", () => {
  test("tags of a rule stay in AWS, and that is said", async () => {
    const { status, stdout, written, json } = await converted(
      state(
        resource("aws_security_group", "web", group(sg(1), "web")),
        resource(
          "aws_vpc_security_group_ingress_rule",
          "web",
          ingress("sgr-1", sg(1), { cidr_ipv4: "10.0.0.0/8", tags: { Team: "a" } }),
        ),
      ),
      ["--rules", "classic"],
    );
    const words = "The tags of aws_vpc_security_group_ingress_rule.web stay in AWS";
    for (const text of [stdout, written["out/adoption.md"], JSON.stringify(json("adoption.json"))])
      expect(text).toContain(words);
    expect(status).toBe(0);
  });

  test("tags that the provider adds would change the rules: rejected", async () => {
    const { status, stdout } = await converted(
      state(
        resource("aws_security_group", "web", group(sg(1), "web", { tags_all: { Owner: "x" } })),
        resource("aws_security_group_rule", "web", {
          ...classic(sg(1), { self: true }),
          security_group_rule_id: "sgr-1",
        }),
      ),
      ["--rules", "per-rule"],
    );
    expect(stdout).toContain("its provider adds tags to every resource (default_tags: Owner)");
    expect(status).toBe(1);
  });

  test("rules of others: blocks would remove them", async () => {
    const live = { ingress: [{ ...ABSENT, ...PERMIT, cidr_blocks: ["10.0.0.0/8"] }] };
    const text = state(
      resource("aws_security_group", "web", group(sg(1), "web", live)),
      resource("aws_security_group_rule", "own", classic(sg(1), { self: true })),
    );
    const { status, stdout } = await inItsRoot(text, root("web"), ["--rules", "inline"]);
    expect(stdout).toContain(
      "its rule ingress TCP 443 from 10.0.0.0/8 is in no resource, and blocks would remove it",
    );
    expect(status).toBe(1);
    // Resources leave them alone.
    expect(await inItsRoot(text, root("web"), ["--rules", "classic"])).toMatchObject({ status: 0 });
  });
});

describe("rules on a group of another state", () => {
  const [PODS, NODES] = [sg(1), sg(9)];
  const web = (name: string, on: string, more: Json) =>
    resource(
      "aws_security_group_rule",
      name,
      { security_group_rule_id: `sgr-${name}`, ...classic(on, more) },
      "module.old",
    );
  const dns = (protocol: string, on: string, more: Json) =>
    web(`dns_${protocol}_${on === PODS ? "out" : "in"}`, on, {
      protocol,
      from_port: 53,
      to_port: 53,
      ...more,
    });
  const workload = (...more: Json[]) =>
    state(
      resource("aws_security_group", "pods", group(PODS, "orders-for-pods"), "module.old"),
      ...["tcp", "udp"].flatMap((protocol) => [
        dns(protocol, PODS, { type: "egress", source_security_group_id: NODES }),
        dns(protocol, NODES, { source_security_group_id: PODS }),
      ]),
      ...more,
    );
  const main = "locals {}\n";

  test("follow what is asked for all, so that the call of the pods' group holds them, too", async () => {
    const { status, stdout, json, call } = await inItsRoot(workload(), main, ["--rules", "per-rule"]);
    expect(stdout).toContain("pod-group: 1 group, 4 rules");
    expect(stdout).toContain(`${NODES}: 2 rules from classic to per-rule`);
    expect(stdout).toContain(`keep these with --rules ${NODES}=keep`);
    expect(status).toBe(0);
    expect(call("orders_for_pods")).not.toHaveProperty("manage_dns_ingress");
    const { import: imports, removed } = json("adopted.tf.json");
    expect((imports as Json[]).map(({ id }) => id).sort()).toStrictEqual(
      ["tcp_in", "tcp_out", "udp_in", "udp_out"].map((name) => `sgr-dns_${name}`),
    );
    expect(removed).toHaveLength(4);
    // Undone, they are what they were.
    const undo = json("undo/undo.tf.json");
    expect(JSON.stringify(undo["import"])).toContain(`"id":"${NODES}_ingress_tcp_53_53_${PODS}"`);
    expect(undo["removed"]).toHaveLength(4);
  });

  test.each([
    ["kept", `${NODES}=keep`],
    ["of which nothing is asked", `${PODS}=per-rule`],
  ])("%s, stay as they are, with what would take them over", async (_, words) => {
    const general = words.startsWith(NODES) ? ["--rules", "per-rule"] : [];
    const { status, stdout, json } = await inItsRoot(workload(), main, [...general, "--rules", words]);
    expect(stdout).toContain(
      `LEFT module.old.aws_security_group_rule.dns_tcp_in: no call can hold it: it is on ${NODES}, which is not taken over, and only security-group holds its form. With --rules ${NODES}=per-rule another module may hold it`,
    );
    expect(status).toBe(3);
    expect(json("adopted.tf.json")["removed"]).toHaveLength(2);
  });

  test("that no call holds are left as they are, and nothing says that they became something else", async () => {
    const database = web("db", sg(8), { from_port: 5432, to_port: 5432, source_security_group_id: PODS });
    const { status, stdout, json } = await inItsRoot(workload(database), main, ["--rules", "per-rule"]);
    expect(stdout).toContain("LEFT module.old.aws_security_group_rule.db: no call can hold it");
    expect(stdout).not.toContain(`${sg(8)}: `);
    expect(status).toBe(3);
    expect(JSON.stringify(json("adopted.tf.json"))).not.toMatch(/sgr-db|rule\.db|released_db/);
    expect(json("adoption.json")["left"]).toHaveLength(1);
  });

  test("cannot become blocks of it, and for ICMP cannot become per-rule", async () => {
    const blocks = await inItsRoot(workload(), main, ["--rules", `${NODES}=inline`]);
    expect(blocks.stdout).toContain(
      `rejected: ${NODES} is in no state that is given: its rules cannot become blocks of it.`,
    );
    expect(blocks.status).toBe(1);
    const ping = web("ping", NODES, {
      protocol: "icmp",
      from_port: 8,
      to_port: -1,
      source_security_group_id: PODS,
    });
    const icmp = await inItsRoot(workload(ping), main, ["--rules", "per-rule"]);
    expect(icmp.stdout).toContain(`rejected: ${NODES} cannot become per-rule, because it has 1 rule of ICMP`);
    expect(icmp.stdout).toContain(`Keep it classic as a whole: --rules ${NODES}=classic.`);
    expect(icmp.status).toBe(1);
    expect(
      await inItsRoot(workload(ping), main, ["--rules", "per-rule", "--rules", `${NODES}=classic`]),
    ).toMatchObject({ status: 3 });
  });
});

describe("two forms on one group", () => {
  const rule = ingress("sgr-1", sg(1), { cidr_ipv4: "10.0.0.0/16" });
  const mixed = state(
    resource(
      "aws_security_group",
      "web",
      group(sg(1), "web", { ingress: [{ ...ABSENT, ...RULES["IPv4"]?.inline }] }),
    ),
    resource("aws_vpc_security_group_ingress_rule", "web", rule),
  );

  test("are said, because they take rules from each other", async () => {
    const { stdout } = await inItsRoot(mixed, root("web", BLOCK), []);
    expect(stdout).toContain(
      `mixed aws_security_group.web: its ingress rules have 2 forms (aws_vpc_security_group_*_rule and blocks of the group): every apply may remove what the others declare. --rules ${sg(1)}=per-rule would settle it`,
    );
  });

  test("conversion settles it: the rule that both claim stays once", async () => {
    const { stdout, call, json } = await inItsRoot(mixed, root("web", BLOCK), ["--rules", "per-rule"]);
    expect(stdout).not.toContain("mixed");
    expect(stdout).toContain("aws_security_group.web: 0 rules from inline to per-rule");
    expect(call("web")).not.toHaveProperty("inline_ingress");
    expect(Object.keys(call("web")["ingress"] as Json)).toStrictEqual(["web"]);
    expect(json("adopted.tf.json")).not.toHaveProperty("import");
    const blocks = await inItsRoot(mixed, root("web", BLOCK), ["--rules", "inline"]);
    expect(blocks.call("web")["inline_ingress"]).toStrictEqual([RULES["IPv4"]?.inline]);
    expect(blocks.json("adopted.tf.json")["removed"]).toHaveLength(1);
  });
});

describe("a group that a call of security-group holds already", () => {
  const held = (more: Json[] = []) =>
    state(
      resource("aws_security_group", "this", group(sg(1), "web"), "module.old"),
      resource(
        "aws_vpc_security_group_ingress_rule",
        "ingress",
        { https: ingress("sgr-1", sg(1), { cidr_ipv4: "10.0.0.0/8" }) },
        "module.old",
      ),
      ...more,
    );
  const main = "locals {}\n";

  test("keeps its call and its keys, so that only the form changes: one group after the other", async () => {
    const { json, call } = await inItsRoot(held(), main, ["--rules", "classic"]);
    expect(Object.keys(call("old")["classic_rules"] as Json)).toStrictEqual(["https"]);
    expect(json("adopted.tf.json")).toMatchObject({
      moved: [
        {
          from: 'module.old.aws_vpc_security_group_ingress_rule.ingress["https"]',
          to: "aws_vpc_security_group_ingress_rule.released_ingress",
        },
      ],
      import: [{ to: 'module.old.aws_security_group_rule.classic["https"]' }],
    });
    const kept = await inItsRoot(held(), main, []);
    expect(kept.json("adopted.tf.json")["moved"]).toStrictEqual([]);
  });

  test("a module of others with the same names keeps its own", async () => {
    const other = resource("aws_lb", "this", { id: "lb" }, "module.old");
    const { json } = await inItsRoot(held([other]), main, []);
    expect(Object.keys(json("adopted.tf.json")["module"] as Json)).toStrictEqual(["web"]);
  });
});
