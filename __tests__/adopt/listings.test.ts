import { describe, expect, test } from "vitest";
import { adoptedWith } from "./support/adopted";
import { listings, type Rule } from "./support/listings";
import { group, resource, sg, state, VPC } from "./support/state";

const HTTPS: Rule = { id: "sgr-1", on: sg(1), ports: [443, 443], cidr: "10.0.0.0/8", description: "Web" };
const LISTS = ["groups.json", "rules.json", "--into", "out"];

describe("groups that no state holds, as the AWS CLI lists them", () => {
  test("become calls that import groups and rules by their ids", async () => {
    const { status, stdout, json, calls, written } = await adoptedWith(
      listings(
        { [sg(1)]: "web", [sg(2)]: "orders db" },
        [
          HTTPS,
          { id: "sgr-2", on: sg(1), egress: true, protocol: "-1", cidr: "0.0.0.0/0" },
          { id: "sgr-3", on: sg(1), ports: [443, 443], cidr6: "2001:db8::/32", tags: { Team: "a" } },
          { id: "sgr-4", on: sg(2), ports: [5432, 5432], group: sg(1) },
          { id: "sgr-5", on: sg(2), ports: [0, 65535], group: sg(2) },
          { id: "sgr-6", on: sg(2), protocol: "50", list: "pl-1" },
          { id: "sgr-7", on: sg(2), protocol: "udp", ports: [53, 53], group: sg(8), account: "444455556666" },
        ],
        { [sg(1)]: { Tags: [{ Key: "Owner", Value: "${x}" }] } },
      ),
      LISTS,
    );
    expect(stdout).toContain("module.web        security-group: 1 group, 3 rules\n");
    expect(status).toBe(0);
    expect(calls()).toStrictEqual({
      web: {
        source: "./modules/security-group",
        name: "web",
        description: "Group web.",
        vpc_id: VPC,
        tags: { Owner: "$${x}" },
        ingress: {
          tcp_443_from_10_0_0_0_8: {
            ip_protocol: "tcp",
            from_port: 443,
            to_port: 443,
            cidr_ipv4: "10.0.0.0/8",
            description: "Web",
          },
          tcp_443_from_2001_db8_32: {
            ip_protocol: "tcp",
            from_port: 443,
            to_port: 443,
            cidr_ipv6: "2001:db8::/32",
            tags: { Team: "a" },
          },
        },
        egress: { all_traffic_to_0_0_0_0_0: { ip_protocol: "-1", cidr_ipv4: "0.0.0.0/0" } },
      },
      orders_db: {
        source: "./modules/security-group",
        name: "orders db",
        description: "Group orders db.",
        vpc_id: VPC,
        ingress: {
          tcp_5432_from_web: {
            ip_protocol: "tcp",
            from_port: 5432,
            to_port: 5432,
            referenced_security_group_id: "${module.web.security_group_id}",
          },
          all_tcp_from_self: {
            ip_protocol: "tcp",
            from_port: 0,
            to_port: 65535,
            referenced_security_group_id: sg(2),
          },
          ip_protocol_50_from_pl_1: { ip_protocol: "50", prefix_list_id: "pl-1" },
          [`udp_53_from_444455556666_${sg(8).replace("-", "_")}`]: {
            ip_protocol: "udp",
            from_port: 53,
            to_port: 53,
            referenced_security_group_id: `444455556666/${sg(8)}`,
          },
        },
      },
    });
    expect(json("out/adopted.tf.json")["import"]).toContainEqual({
      to: 'module.web.aws_vpc_security_group_ingress_rule.ingress["tcp_443_from_10_0_0_0_8"]',
      id: "sgr-1",
    });
    expect(json("out/versions.tf.json")).toMatchObject({ provider: { aws: [{ region: "eu-west-1" }] } });
    expect(
      Object.keys(written).filter((path) => path.startsWith("out/") && !path.includes("modules/")),
    ).toStrictEqual([
      "out/adopted.tf.json",
      "out/adoption.json",
      "out/adoption.md",
      "out/undo/new-root.tf.json",
      "out/versions.tf.json",
    ]);
  });

  test("a group with a rule for ICMP has all of its rules as aws_security_group_rule", async () => {
    const { json, calls } = await adoptedWith(
      listings({ [sg(1)]: "web" }, [
        HTTPS,
        { id: "sgr-2", on: sg(1), protocol: "icmp", ports: [8, -1], cidr: "10.0.0.0/8" },
        { id: "sgr-3", on: sg(1), egress: true, protocol: "-1", group: sg(1) },
      ]),
      LISTS,
    );
    expect(Object.keys(calls()["web"]?.["classic_rules"] as object)).toHaveLength(3);
    expect(calls()["web"]).not.toHaveProperty("ingress");
    expect((json("out/adopted.tf.json")["import"] as { id: string }[]).map(({ id }) => id)).toStrictEqual([
      sg(1),
      `${sg(1)}_ingress_tcp_443_443_10.0.0.0/8`,
      `${sg(1)}_ingress_icmp_8_-1_10.0.0.0/8`,
      `${sg(1)}_egress_all_0_0_self`,
    ]);
  });

  test("the article's pair goes into rds-mysql, whose rules are of the other form", async () => {
    const [db, pods, worker, gate] = [sg(1), sg(2), sg(3), sg(4)];
    const tags = (name: string) => ({
      Description: `Default security group for ${name}.`,
      Tags: Object.entries({ Name: name, Region: "eu-west-1", CreatedBy: "Terraform" }).map(
        ([Key, Value]) => ({
          Key,
          Value,
        }),
      ),
    });
    let count = 0;
    const rule = (on: string, direction: string, port: number, more: Partial<Rule>): Rule => {
      count += 1;
      return { id: `sgr-${count}`, on, egress: direction === "egress", ports: [port, port], ...more };
    };
    const dns = (protocol: "tcp" | "udp"): Rule[] => [
      rule(pods, "egress", 53, {
        protocol,
        group: worker,
        description: `Egress: Allow DNS resolution (${protocol.toUpperCase()}) via worker security group`,
      }),
      rule(worker, "ingress", 53, {
        protocol,
        group: pods,
        description: `Ingress: Allow DNS resolution (via ${protocol.toUpperCase()}) from orders-for-pods.`,
      }),
    ];
    const all = (group: string, words: string): Rule =>
      rule(pods, "ingress", 0, {
        ports: [0, 65535],
        group,
        description: `Ingress: Allow all TCP from the ${words} to work).`,
      });
    const { status, stdout, calls, json } = await adoptedWith(
      listings(
        { [db]: "orders", [pods]: "orders-for-pods", [worker]: "nodes", [gate]: "gate" },
        [
          ...dns("tcp"),
          ...dns("udp"),
          rule(pods, "egress", 80, { cidr: "0.0.0.0/0", description: "Egress: HTTP" }),
          rule(pods, "egress", 443, { cidr: "0.0.0.0/0", description: "Egress: HTTPS" }),
          rule(pods, "egress", 3306, { group: db, description: "Egress: Allow access to orders." }),
          all(gate, "ingress security group (required for ingress"),
          all(worker, "worker security group (required for probes"),
          rule(db, "ingress", 3306, {
            group: pods,
            description: "Ingress: Allow access from orders-for-pods.",
          }),
          rule(db, "ingress", 3306, { group: db, description: "Ingress: Allow access to itself." }),
          rule(worker, "ingress", 10250, { group: gate }),
        ],
        { [db]: tags("orders"), [pods]: tags("orders-for-pods") },
      ),
      LISTS,
    );
    expect(stdout).toContain("rds-mysql: 2 groups, 11 rules");
    // Two forms on one group conflict.
    expect(Object.keys(calls()["nodes"] ?? {})).toContain("classic_rules");
    expect(json("out/adopted.tf.json")["import"]).toContainEqual({
      to: "module.orders.aws_security_group_rule.rds_ingress_to_self",
      id: `${db}_ingress_tcp_3306_3306_self`,
    });
    expect(status).toBe(0);
  });

  test("groups of others stay, and with them their rules", async () => {
    const { status, stdout, calls } = await adoptedWith(
      listings(
        { [sg(1)]: "web", [sg(2)]: "default", [sg(3)]: "stack", [sg(4)]: "eks-cluster-sg-main-1" },
        [
          HTTPS,
          { id: "sgr-2", on: sg(2), protocol: "-1", group: sg(2) },
          { id: "sgr-3", on: sg(3), ports: [1, 1], group: sg(1) },
          // Rules of a group that is not listed itself.
          { id: "sgr-4", on: sg(7), ports: [1, 1], group: sg(1) },
        ],
        { [sg(3)]: { Tags: [{ Key: "aws:cloudformation:stack-name", Value: "x" }] } },
      ),
      LISTS,
    );
    expect(Object.keys(calls())).toStrictEqual(["web"]);
    expect(stdout.match(/^left .*/gm)).toStrictEqual([
      expect.stringContaining(`left ${sg(2)}: the default group`),
      expect.stringContaining(`left ${sg(3)}: a stack of CloudFormation`),
      expect.stringContaining(`left ${sg(4)}: EKS makes it`),
      expect.stringContaining(`left ${sg(7)}: 1 rule of it is listed, and the group is not`),
    ]);
    expect(status).toBe(0);
  });

  test("rules that a controller makes on a group of the team stay with the controller, and its own groups as well", async () => {
    const on = sg(1);
    const { status, stdout, calls } = await adoptedWith(
      listings({ [on]: "eks-nodes", [sg(2)]: "k8s-elb-a1b2c3d4e5f60718293a4b5c6d7e8f90" }, [
        { ...HTTPS, on },
        {
          id: "sgr-2",
          on,
          ports: [8080, 8080],
          group: sg(2),
          description: "elbv2.k8s.aws/targetGroupBinding=shared",
        },
        {
          id: "sgr-3",
          on,
          ports: [81, 81],
          cidr: "10.0.0.0/8",
          description: "kubernetes.io/rule/nlb/health=a1b2",
        },
      ]),
      LISTS,
    );
    expect(status).toBe(0);
    expect(Object.keys(calls())).toStrictEqual(["eks_nodes"]);
    expect(Object.keys(calls()["eks_nodes"]?.["ingress"] ?? {})).toHaveLength(1);
    for (const words of [
      `left ${sg(2)}: the cloud controller of Kubernetes makes it`,
      `left sgr-2: ingress TCP 8080 from ${sg(2)} on ${on}: the load balancer controller makes it`,
      `left sgr-3: ingress TCP 81 from 10.0.0.0/8 on ${on}: the cloud controller of Kubernetes makes it`,
    ])
      expect(stdout).toContain(words);
  });

  test("tags that AWS gives are in no call: the provider cannot set them", async () => {
    const { status, calls } = await adoptedWith(
      listings({ [sg(1)]: "web" }, [{ ...HTTPS, tags: { "aws:x:y": "z", Team: "a" } }], {
        [sg(1)]: {
          Tags: [
            { Key: "aws:servicecatalog:portfolioArn", Value: "x" },
            { Key: "Team", Value: "a" },
          ],
        },
      }),
      LISTS,
    );
    expect(status).toBe(0);
    expect(calls()["web"]).toMatchObject({ tags: { Team: "a" } });
    expect(JSON.stringify(calls())).not.toContain("aws:");
    expect(Object.values(calls()["web"]?.["ingress"] ?? {})).toMatchObject([{ tags: { Team: "a" } }]);
  });

  test("pages, bare arrays and repeated items are one list", async () => {
    const two: Rule[] = [HTTPS, { ...HTTPS, id: "sgr-2", on: sg(2) }];
    const { "groups.json": groups, "rules.json": rules } = listings({ [sg(1)]: "web", [sg(2)]: "db" }, two);
    const all = JSON.parse(groups).SecurityGroups;
    const { status, calls } = await adoptedWith(
      {
        "1.json": JSON.stringify({ NextToken: "x", SecurityGroups: all.slice(0, 1) }),
        "2.json": JSON.stringify({ SecurityGroups: all }),
        "3.json": JSON.stringify(JSON.parse(rules).SecurityGroupRules),
      },
      ["1.json", "2.json", "3.json", "--into", "out"],
    );
    expect(status).toBe(0);
    expect(Object.keys(calls())).toStrictEqual(["db", "web"]);
  });

  const GOOD = listings({ [sg(1)]: "web" }, [HTTPS]);
  test.each<[string, Record<string, string>, string]>([
    [
      "no ids of rules: the command that lists them",
      { "groups.json": GOOD["groups.json"] },
      `\`aws ec2 describe-security-group-rules --filters Name=group-id,Values=${sg(1)} --output json\``,
    ],
    [
      "no groups: the command that lists them",
      { "rules.json": GOOD["rules.json"] },
      `\`aws ec2 describe-security-groups --group-ids ${sg(1)} --output json\``,
    ],
    [
      "lists of two moments",
      { ...GOOD, "rules.json": listings({}, [{ ...HTTPS, ports: [80, 80] }])["rules.json"] },
      "describe-security-groups and describe-security-group-rules list other rules",
    ],
    [
      "a page that another one follows",
      { "groups.json": GOOD["groups.json"].replace("{", '{"NextToken":"x",') },
      "groups.json: SecurityGroups go on (NextToken).",
    ],
    ["YAML", { "groups.json": "SecurityGroups:\n- Description: x\n" }, "it is YAML of the AWS CLI"],
    ["text", { "groups.json": "SECURITYGROUPS\tx\tsg-1\n" }, "it is text of the AWS CLI"],
    [
      "a table",
      { "groups.json": "----------\n|   DescribeSecurityGroups   |\n" },
      "it is a table of the AWS CLI. Print it again with `--output json`.",
    ],
    ["a part of it", { "groups.json": '[{"Id":"sg-1"}]' }, "Print it again without --query"],
    [
      "a part of each item",
      { "groups.json": '{"SecurityGroups":[{"GroupId":"sg-1","GroupName":"x"}]}' },
      "groups.json: SecurityGroups[0] is not as the API gives it.",
    ],
    ["an empty list", { "groups.json": '{"SecurityGroups":[]}' }, "holds no security groups"],
  ])("%s: one sentence, and the exit code 2", async (_, files, sentence) => {
    const { status, stderr } = await adoptedWith(files, [...Object.keys(files), "--into", "out"]);
    expect(stderr).toContain(sentence);
    expect(status).toBe(2);
  });
});

describe("a plan", () => {
  const STATE = state(resource("aws_security_group", "web", group(sg(1), "web")));
  /** A plan with what it was made from, in the form of `terraform show -json`. */
  const planned = (changes: readonly object[], expressions: object = {}) =>
    JSON.stringify({
      format_version: "1.2",
      planned_values: {},
      resource_changes: changes,
      variables: { secret: { value: "CANARY" } },
      prior_state: {
        format_version: "1.0",
        values: {
          root_module: {
            resources: [
              {
                address: "aws_security_group.web",
                mode: "managed",
                type: "aws_security_group",
                name: "web",
                values: JSON.parse(STATE).resources[0].instances[0].attributes,
              },
            ],
          },
        },
      },
      configuration: {
        root_module: {
          resources: [
            {
              address: "aws_security_group.web",
              mode: "managed",
              type: "aws_security_group",
              name: "web",
              expressions,
            },
          ],
        },
      },
    });

  test("gives the state that it was made from", async () => {
    const { status, calls, written } = await adoptedWith({ "plan.json": planned([]) }, [
      "plan.json",
      "--into",
      "out",
    ]);
    expect(Object.keys(calls())).toStrictEqual(["web"]);
    expect(
      JSON.stringify(
        written,
        Object.keys(written).filter((path) => path.startsWith("out/")),
      ),
    ).not.toContain("CANARY");
    expect(status).toBe(0);
  });

  test("that changes what would be adopted is rejected; other changes do not matter", async () => {
    const change = (address: string, type: string, actions: string[]) => ({
      address,
      mode: "managed",
      type,
      change: { actions },
    });
    const other = await adoptedWith(
      { "plan.json": planned([change("aws_instance.a", "aws_instance", ["update"])]) },
      ["plan.json", "--into", "out"],
    );
    expect(other.status).toBe(0);
    const ours = await adoptedWith(
      { "plan.json": planned([change("aws_security_group.web", "aws_security_group", ["update"])]) },
      ["plan.json", "--into", "out"],
    );
    expect(ours.stderr).toContain(
      "plan.json: the plan changes what would be adopted (1 change): aws_security_group.web (update).",
    );
    expect(ours.status).toBe(2);
  });

  test("knows which rules are blocks: its record of the configuration says so", async () => {
    const rule = { protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["0.0.0.0/0"] };
    const withRule = (expressions: object) =>
      planned([], expressions).replace('"egress":[]', `"egress":${JSON.stringify([rule])}`);
    const words = ["plan.json", "--into", "out"];
    const blocks = await adoptedWith({ "plan.json": withRule({ egress: {} }) }, words);
    expect(blocks.status).toBe(0);
    expect(blocks.calls()["web"]).toHaveProperty("inline_egress");
    // A plan does not record what `dynamic` makes.
    const others = await adoptedWith({ "plan.json": withRule({}) }, words);
    expect(others.calls()["web"]).not.toHaveProperty("inline_egress");
    expect(others.stdout).toContain("a block of the group, or a rule that somebody else made");
    expect(others.status).toBe(3);
  });
});
