import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { initialFlows } from "../../../verify/ask/init";
import { takeInventory } from "../../../verify/inventory";
import { readInput } from "../../../verify/read";
import { verify } from "../../../verify/verify";
import { folderWith } from "../read/support/configuration";

const tcp = (port: number) => ({ protocol: "tcp", from_port: port, to_port: port });

/** Rules from groups that are named in some way, to one group of the input. */
const database = (...sources: string[]) => ({
  aws_security_group: { db: { name: "db" } },
  aws_security_group_rule: Object.fromEntries(
    sources.map((source, index) => [
      `r${index}`,
      {
        type: "ingress",
        security_group_id: "${aws_security_group.db.id}",
        ...tcp(5432 + index),
        source_security_group_id: source,
      },
    ]),
  ),
});

/** What rules inside a group must give in JSON, be it null. */
const ABSENT = {
  ...{ cidr_blocks: null, description: null, ipv6_cidr_blocks: null },
  ...{ prefix_list_ids: null, security_groups: null, self: null },
};

describe("a group is written by a name that the next run accepts", () => {
  const UNREAD = { source: "example/eks/aws", version: "~> 20.0" };
  test.each<[string, Record<string, unknown>, readonly (readonly [string, string])[]]>([
    [
      "that is given to a module which was not read, in a module",
      {
        "main.tf.json": { module: { app: { source: "./app" } } },
        "app/main.tf.json": {
          resource: {
            ...database("${aws_security_group.nodes.id}"),
            aws_security_group: { db: { name: "db" }, nodes: { name: "nodes" } },
          },
          module: { eks: { ...UNREAD, groups: ["${aws_security_group.nodes.id}"] } },
        },
      },
      [["allow nodes -> db TCP 5432", "holds-if"]],
    ],
    [
      "of a data source in a module",
      {
        "main.tf.json": { module: { search: { source: "./search" } } },
        "search/main.tf.json": {
          data: {
            aws_eks_cluster: { this: { name: "shop" } },
            terraform_remote_state: { cluster: { backend: "local" } },
          },
          resource: database(
            "${data.aws_eks_cluster.this.vpc_config[0].cluster_security_group_id}",
            '${data.terraform_remote_state.cluster.outputs.groups["k8s/worker"]}',
          ),
        },
      },
      [
        ["allow cluster_security_group_id -> db TCP 5432", "holds-if"],
        ["allow worker -> db TCP 5433", "holds-if"],
      ],
    ],
    [
      "of data sources of one name in two modules and in two instances",
      {
        "main.tf.json": {
          module: {
            a: { source: "./part" },
            b: { source: "./part", for_each: '${toset(["x", "y/z"])}' },
          },
        },
        "part/main.tf.json": {
          data: { aws_security_group: { nodes: { name: "nodes" } } },
          resource: database("${data.aws_security_group.nodes.id}"),
        },
      },
      [
        ["allow nodes -> db TCP 5432", "holds-if"],
        ["allow nodes-2 -> db-2 TCP 5432", "holds-if"],
        ["allow nodes-3 -> db-3 TCP 5432", "holds-if"],
      ],
    ],
    [
      "that a module which was not read gives out, in a module and at the root",
      {
        "main.tf.json": {
          module: { eks: UNREAD, app: { source: "./app" } },
          resource: database("${module.eks.node_security_group_id}"),
        },
        "app/main.tf.json": {
          module: { eks: UNREAD },
          resource: database('${module.eks.groups["a.b"].id}'),
        },
      },
      [
        ["allow b -> db-2 TCP 5432", "holds-if"],
        ["allow node_security_group_id -> db TCP 5432", "holds-if"],
      ],
    ],
    [
      "of a module with an output that is called as the names of resources begin",
      {
        "main.tf.json": { module: { app: { source: "./app" } } },
        "app/main.tf.json": {
          output: { data: { value: "x" }, aws_security_group: { value: {} }, var: { value: null } },
          variable: { nodes: {} },
          data: { aws_security_group: { nodes: { name: "nodes" } } },
          resource: database("${data.aws_security_group.nodes.id}", "${var.nodes}"),
        },
      },
      [
        ["allow nodes -> db TCP 5432", "holds-if"],
        ["allow nodes-2 -> db TCP 5433", "holds-if"],
      ],
    ],
    [
      "by an expression",
      {
        "main.tf.json": {
          variable: { groups: { type: "list(string)" }, more: {}, is_private: {} },
          resource: database(
            "${element(concat(var.groups, [var.more]), 0)}",
            '${var.is_private ? var.more["a"] : var.groups[0]}',
            "${one([for id in var.groups : id if id != var.more])}",
            '${format("%s", var.more)}',
            "sg-${var.more}",
          ),
        },
      },
      [],
    ],
    [
      "by the element of a rule with for_each",
      {
        "main.tf.json": {
          variable: { groups: { type: "map(string)" } },
          resource: {
            aws_security_group: { db: { name: "db" } },
            aws_vpc_security_group_ingress_rule: {
              each: {
                for_each: "${var.groups}",
                security_group_id: "${aws_security_group.db.id}",
                referenced_security_group_id: "${each.value}",
                ip_protocol: "tcp",
                from_port: 5432,
                to_port: 5432,
              },
            },
          },
        },
      },
      [],
    ],
    [
      "by the element of a block",
      {
        "main.tf.json": {
          variable: { groups: {} },
          resource: {
            aws_security_group: {
              db: {
                name: "db",
                dynamic: {
                  ingress: {
                    for_each: "${var.groups}",
                    content: { ...tcp(5432), security_groups: ["${ingress.value}"] },
                  },
                },
              },
            },
          },
        },
      },
      [],
    ],
    [
      "that only a launch template names by an expression",
      {
        "main.tf.json": {
          variable: { interfaces: {} },
          resource: {
            aws_security_group: { nodes: { name: "nodes" } },
            aws_launch_template: {
              nodes: {
                dynamic: {
                  network_interfaces: {
                    for_each: "${var.interfaces}",
                    content: {
                      security_groups:
                        '${compact(concat(network_interfaces.value["groups"], [aws_security_group.nodes.id]))}',
                    },
                  },
                },
              },
            },
          },
        },
      },
      [],
    ],
    [
      "whose name is none of YAML",
      {
        "main.tf.json": {
          variable: { groups: {} },
          resource: database(
            '${var.groups["a: b # c"]}',
            '${var.groups["- \\"x\\""]}',
            '${var.groups["é\\n"]}',
          ),
        },
      },
      [
        ["allow c -> db TCP 5432", "holds-if"],
        ["allow x -> db TCP 5433", "holds-if"],
        [expect.stringMatching("-> db TCP 5434$"), "holds-if"],
      ],
    ],
    [
      "of a load balancer with addresses of IPv4 only",
      {
        "main.tf.json": {
          resource: {
            aws_security_group: {
              lb: {
                name: "lb",
                ingress: [{ ...ABSENT, ...tcp(80), cidr_blocks: ["0.0.0.0/0"], ipv6_cidr_blocks: ["::/0"] }],
                egress: [{ ...ABSENT, protocol: "-1", from_port: 0, to_port: 0, ipv6_cidr_blocks: ["::/0"] }],
              },
            },
            aws_lb: {
              web: { load_balancer_type: "application", security_groups: ["${aws_security_group.lb.id}"] },
            },
          },
        },
      },
      [["allow internet -> lb TCP 80", "holds"]],
    ],
    [
      "of which there is none",
      {
        "main.tf.json": {
          resource: {
            ...database("${aws_security_group.none[0].id}"),
            aws_security_group: { db: { name: "db" }, none: { count: 0, name: "none" } },
          },
        },
      },
      [],
    ],
  ])("%s", async (_, files, expected) => {
    const folder = folderWith(files);
    const text = await initialFlows(takeInventory(await readInput(folder)));
    writeFileSync(join(folder, "flows.yaml"), text);
    const { verdicts, notes } = await verify(folder);
    const said = verdicts.map(({ flow: { id }, status }) => [flowsIn(text)[id.name], status]);
    expect(said.filter(([, status]) => status === "broken")).toStrictEqual([]);
    expect(said).toHaveLength(Object.keys(flowsIn(text)).length);
    expect(said).toStrictEqual(expect.arrayContaining(expected.map((one) => [...one])));
    expect(notes.filter((note) => note.includes("left out"))).toStrictEqual([]);

    const elsewhere = await initialFlows(takeInventory(await readInput(folderWith(files))));
    expect(elsewhere).toBe(text);
    expect(await initialFlows(takeInventory(await readInput(folder)))).toBe(text);
  });
});

test("names the rules that no flow can be written for", async () => {
  const folder = folderWith({
    "main.tf.json": {
      variable: { groups: { type: "list(string)" }, more: {}, each: { type: "map(string)" }, port: {} },
      resource: {
        ...database("${element(concat(var.groups, [var.more]), 0)}", "${var.more}"),
        aws_vpc_security_group_ingress_rule: {
          each: {
            for_each: "${var.each}",
            security_group_id: "${aws_security_group.db.id}",
            referenced_security_group_id: "${each.value}",
            ...{ ip_protocol: "tcp", from_port: 80, to_port: 80 },
          },
          list: {
            security_group_id: "${aws_security_group.db.id}",
            prefix_list_id: "pl-0a1b2c3d",
            ...{ ip_protocol: "tcp", from_port: 80, to_port: 80 },
          },
          port: {
            security_group_id: "${aws_security_group.db.id}",
            cidr_ipv4: "10.0.0.0/8",
            ...{ ip_protocol: "tcp", from_port: "${var.port}", to_port: "${var.port}" },
          },
        },
      },
    },
  });
  const text = await initialFlows(takeInventory(await readInput(folder)));
  expect(text.split("\n").filter((line) => line.startsWith("#   "))).toStrictEqual([
    "#   aws_security_group_rule.r0: its peer is element(concat(var.groups, [var.more]), 0)",
    "#   aws_vpc_security_group_ingress_rule.each: its peer is each.value in aws_vpc_security_group_ingress_rule.each",
    "#   aws_vpc_security_group_ingress_rule.list: its peer is prefix list pl-0a1b2c3d",
    "#   aws_vpc_security_group_ingress_rule.port: its from_port is var.port",
  ]);
  expect(flowsIn(text)).toStrictEqual({ "more-to-db": "allow more -> db TCP 5433" });
});

/** The flows of a file, by their names. */
function flowsIn(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^ {2}(\S+): "?(allow .*?)"?$/gm)].map(([, name = "", flow = ""]) => [name, flow]),
  );
}

test("what it writes in a module is read where the module is called", async () => {
  const module = {
    variable: { groups: { type: "map(string)" }, nodes: {} },
    data: { aws_security_group: { ingress: { name: "ingress" } } },
    resource: {
      ...database("${var.nodes}", "${data.aws_security_group.ingress.id}"),
      aws_vpc_security_group_ingress_rule: {
        each: {
          for_each: "${var.groups}",
          security_group_id: "${aws_security_group.db.id}",
          referenced_security_group_id: "${each.value}",
          ip_protocol: "tcp",
          from_port: 80,
          to_port: 80,
        },
      },
    },
  };
  const folder = folderWith({
    "main.tf.json": {
      module: {
        known: { source: "./part", nodes: "sg-0a1b2c3d", groups: { a: "sg-0a1b2c3e" } },
        unknown: { source: "./part", nodes: "${var.nodes}", groups: "${var.groups}" },
      },
    },
    "part/main.tf.json": module,
  });
  const text = await initialFlows(takeInventory(await readInput(join(folder, "part"))));
  writeFileSync(join(folder, "part", "flows.yaml"), text);
  const { verdicts } = await verify(folder);
  expect(verdicts.filter(({ status }) => status === "broken")).toStrictEqual([]);
  expect(verdicts.length).toBe(4);
});
