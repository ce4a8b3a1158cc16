import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { commandHere } from "../support/here";
import { PROJECT } from "../support/project";
import { asked, FILES, TERRAFORM } from "./support/asked";
import { estate } from "./support/estate";

/* One question without a file: does it get through, by which rules, and what is missing. */

test("what does not get through: the ends, both halves, what nearly allows it, and the rule to add", async () => {
  const { status, stdout, stderr } = await asked("orders -> database TCP 3306");
  expect(stderr).toBe("");
  expect(stdout).toBe(`No: TCP 3306 from orders to database does not get through.

  orders     Deployment shop/orders, k8s/all.yaml:8; aws_security_group.orders; by
             shop/SecurityGroupPolicy/orders
  database   aws_db_instance.main, infra/main.tf:27; aws_security_group.db
  read from  infra (configuration, enforcing mode strict)

orders egress
  allows   aws_vpc_security_group_egress_rule.orders_db: TCP 3306 to aws_security_group.db,
           infra/main.tf:32

database ingress
  lacks    no rule allows TCP 3306
  nearly   aws_vpc_security_group_ingress_rule.db_orders: TCP 3307 from aws_security_group.orders
           (other traffic), infra/main.tf:40
  nearly   aws_vpc_security_group_ingress_rule.db_nodes: TCP 3306 from aws_security_group.nodes
           (another peer), infra/main.tf:48

  add:
    resource "aws_vpc_security_group_ingress_rule" "database_ingress_tcp_3306_from_orders" {
      security_group_id            = aws_security_group.db.id
      referenced_security_group_id = aws_security_group.orders.id
      ip_protocol                  = "tcp"
      from_port                    = 3306
      to_port                      = 3306
    }
`);
  expect(status).toBe(1);
});

describe("the exit code says whether the answer is what was asked for", () => {
  test.each<[question: string, status: number, says: string]>([
    ["orders -> database TCP 3307", 1, "No: TCP 3307 from orders to database does not get through."],
    ["nodes -> database TCP 3306", 0, "Yes: TCP 3306 from nodes to database gets through."],
    ["nodes -/-> database TCP 3306", 1, "No: TCP 3306 from nodes to database gets through."],
    ["internet -/-> database all", 0, "Yes: all traffic from internet to database is blocked."],
    ["orders -/-> database 3306", 0, "Yes: TCP 3306 from orders to database is blocked."],
    ["nodes -> sg-1 TCP 443", 2, ""],
  ])("%s: %i", async (question, status, says) => {
    const { stdout, status: given } = await asked(question);
    expect(stdout.split("\n")[0]).toBe(says);
    expect(given).toBe(status);
  });

  test("what depends on something else is no failure, unless nothing may be assumed", async () => {
    const own = estate({
      "infra/main.tf": `${TERRAFORM}
variable "other" { type = string }
resource "aws_vpc_security_group_ingress_rule" "other" {
  security_group_id            = aws_security_group.db.id
  referenced_security_group_id = var.other
  ip_protocol                  = "tcp"
  from_port                    = 5000
  to_port                      = 5000
}
`,
    });
    const question = ["explain", "var.other -> db TCP 5000", "infra"];
    const told = await commandHere(question, own.folder);
    expect(told.stdout).toMatch(/^It depends: TCP 5000 from var\.other to db gets through if/);
    expect(told.stdout).toMatch(/\n {2}if +var\.other/);
    expect(told.status).toBe(0);
    expect((await commandHere([...question, "--no-assumptions"], own.folder)).status).toBe(1);
  });

  test("quiet says only what is wrong", async () => {
    expect(await asked("nodes -> database TCP 3306", "-q")).toMatchObject({ status: 0, stdout: "" });
    expect((await asked("orders -> database TCP 3306", "-q")).stdout).toContain("add:");
  });
});

describe("options that verify has", () => {
  const FLOWS = `format: 1
groups: { "\${ORDERS}": aws_security_group.orders }
endpoints: { data: aws_security_group.db }
flows: { a: allow data -> data TCP 1 }
`;
  const QUESTION = "orders -> data TCP 3306";

  test("--flows says what placeholders mean and names ends", async () => {
    const { folder } = estate({ ...FILES, "own.yaml": FLOWS });
    const words = ["explain", QUESTION, "infra", "--manifests", "k8s", "--flows", "own.yaml"];
    const { status, stdout, stderr } = await commandHere(words, folder);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/orders +Deployment shop\/orders, k8s\/all\.yaml:8; aws_security_group\.orders/);
    expect(stdout).toMatch(/data +as in own\.yaml|data +as in flows\.yaml/);
    expect(status).toBe(1);
  });

  test("the configuration file of the repository counts as for verify, but for what is about reports", async () => {
    const { folder } = estate({
      ...FILES,
      "infra/flows.yaml": FLOWS,
      "eks-pod-security-groups.yaml":
        "paths: infra\nmanifests: k8s\nformat: sarif\nbase: git:origin/main\nmode: standard\n",
    });
    const { stdout, stderr } = await commandHere(["explain", QUESTION], folder);
    expect(stderr).toBe("settings: eks-pod-security-groups.yaml\n");
    expect(stdout).toMatch(/read from +infra \(configuration, enforcing mode standard\)/);
    const without = await commandHere(["explain", QUESTION, "infra", "--settings", "none"], folder);
    expect(without.stderr).toMatch(/^"orders"|^$/);
    expect(without.stdout).not.toContain("standard");
  });

  test("a configuration file that names several roots needs to be told which", async () => {
    const { folder } = estate({
      ...FILES,
      "other/main.tf": TERRAFORM,
      "eks-pod-security-groups.yaml": "paths: [infra, other]\n",
    });
    const { status, stderr } = await commandHere(["explain", QUESTION], folder);
    expect(stderr).toContain("a question goes with one root, and there are 2: infra, other. Name one\n");
    expect(status).toBe(2);
  });

  test("--config gives a plan its references", async () => {
    const resources = ["orders", "db"].map((name) => ({
      mode: "managed",
      type: "aws_security_group",
      name,
      address: `aws_security_group.${name}`,
      values: { name },
    }));
    const plan = {
      format_version: "1.2",
      planned_values: { root_module: { resources } },
      configuration: { root_module: {} },
    };
    const { folder } = estate({ ...FILES, "plan.json": JSON.stringify(plan) });
    const words = ["explain", "aws_security_group.orders -> aws_security_group.db TCP 1", "plan.json"];
    const { status, stdout, stderr } = await commandHere([...words, "--config", "infra"], folder);
    expect(stderr).toBe("");
    expect(stdout).toContain("read from");
    expect(status).toBe(1);
  });

  test("options and a PATH that belong to a question", async () => {
    const { folder } = estate(FILES);
    const words = ["explain", "dead-rule", "infra", "--manifests", "k8s"];
    const { status, stderr } = await commandHere(words, folder);
    expect(stderr).toBe(
      'only one CHECK is accepted (also given: infra)\n--manifests goes with a question, such as explain "orders -> database TCP 3306"\n',
    );
    expect(status).toBe(2);
  });
});

describe("as JSON", () => {
  const validator = z.fromJSONSchema(
    JSON.parse(readFileSync(join(PROJECT, "schemas/answer.json"), "utf8")) as Parameters<
      typeof z.fromJSONSchema
    >[0],
  );

  test.each<[question: string, status: number]>([
    ["orders -> database TCP 3306", 1],
    ["nodes -/-> database TCP 3306", 1],
    ["blog/web -> 10.0.0.0/8 UDP 53", 0],
  ])("%s: has the shape that its schema says, and exit code %i", async (question, status) => {
    const given = await asked(question, "--format", "json");
    const answer = JSON.parse(given.stdout);
    expect(validator.safeParse(answer).error?.issues).toBeUndefined();
    expect(given.status).toBe(status);
    expect(answer.as_asked).toBe(status === 0);
  });

  test("has the ends, the rules of both halves, and what to add", async () => {
    const { stdout } = await asked("orders -> database TCP 3306", "--format", "json");
    expect(JSON.parse(stdout)).toMatchObject({
      format_version: "1.0",
      expect: "allow",
      status: "broken",
      as_asked: false,
      input: { path: "infra", kind: "configuration", mode: "strict" },
      from: {
        asked: "orders",
        what: "Deployment shop/orders",
        source: { file: "k8s/all.yaml", line: 8 },
        policies: ["shop/SecurityGroupPolicy/orders"],
        groups: ["aws_security_group.orders"],
      },
      to: { asked: "database", what: "aws_db_instance.main", groups: ["aws_security_group.db"] },
      verdicts: [
        {
          status: "broken",
          halves: [
            { direction: "egress", rules: [{ address: "aws_vpc_security_group_egress_rule.orders_db" }] },
            {
              direction: "ingress",
              rules: [],
              missing: [{ protocol: "tcp", from_port: 3306, to_port: 3306 }],
              nearly: [
                { differs: "traffic", rule: { address: "aws_vpc_security_group_ingress_rule.db_orders" } },
                { differs: "peer", rule: { address: "aws_vpc_security_group_ingress_rule.db_nodes" } },
              ],
            },
          ],
          cures: [{ group: "aws_security_group.db", direction: "ingress" }],
        },
      ],
    });
  });

  test("other formats are for reports", async () => {
    const { status, stderr } = await asked("orders -> database TCP 3306", "--format", "sarif");
    expect(stderr).toBe("--format of a question must be text or json (given: sarif)\n");
    expect(status).toBe(2);
  });
});
