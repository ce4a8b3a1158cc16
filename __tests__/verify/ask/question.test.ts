import { describe, expect, test } from "vitest";
import { asked, FILES, MANIFESTS, TERRAFORM } from "../../cli/support/asked";
import { estate } from "../../cli/support/estate";
import { commandHere } from "../../support/here";

/* What the words of a question mean, and what is said of those that mean nothing, or several things. */

describe("an end is known by many names", () => {
  const ORDERS = "Deployment shop/orders, k8s/all.yaml:8; aws_security_group.orders;";
  test.each<[words: string, what: string]>([
    ["shop/orders", ORDERS],
    ["Deployment shop/orders", ORDERS],
    ["shop/Deployment/orders", ORDERS],
    [
      "blog/web",
      "Deployment blog/web, with the groups of its node, k8s/all.yaml:22; aws_security_group.nodes",
    ],
    ["aws_security_group.orders", "aws_security_group.orders, infra/main.tf:1"],
    ["shop-orders", "aws_security_group.orders, infra/main.tf:1"],
    ["aws_db_instance.main", "aws_db_instance.main, infra/main.tf:27; aws_security_group.db"],
    ["10.1.2.3/32", "addresses"],
    ["10.1.2.3", "addresses"],
    ["2001:db8::1", "addresses"],
    ["internet", "public addresses"],
    ["nodes", "the nodes of the cluster; aws_security_group.nodes"],
  ])("%s", async (words, what) => {
    const { stdout } = await asked(`${words} -> db TCP 1`);
    expect(stdout.replace(/\s+/g, " ")).toContain(` ${words} ${what}`);
  });

  test("also by the id that a state has, and by an endpoint of flows.yaml", async () => {
    const group = (name: string) => ({
      mode: "managed",
      type: "aws_security_group",
      name,
      address: `aws_security_group.${name}`,
      values: { id: `sg-${name}`, name, ingress: [], egress: [], vpc_id: "vpc-1" },
    });
    const resources = [group("a1"), group("b1")];
    const own = estate({
      "state.json": JSON.stringify({ format_version: "1.0", values: { root_module: { resources } } }),
      "infra/main.tf": TERRAFORM,
      "infra/flows.yaml":
        "format: 1\nendpoints: { shop: aws_security_group.orders, data: aws_security_group.db }\nflows: { a: allow shop -> data TCP 1 }\n",
    });
    const state = await commandHere(["explain", "sg-a1 -/-> sg-b1 TCP 1", "state.json"], own.folder);
    expect(state).toMatchObject({ status: 0, stdout: expect.stringContaining("aws_security_group.b1") });
    const named = await commandHere(["explain", "shop -> data TCP 3306", "infra"], own.folder);
    expect(named.stdout).toMatch(/shop +as in flows\.yaml; aws_security_group\.orders/);
  });
});

test("an end may be called as reports call it, behind the arrow, too", async () => {
  const { stdout } = await asked("nodes -> Deployment shop/orders TCP 8080");
  expect(stdout).toMatch(/^No: TCP 8080 from nodes to Deployment shop\/orders does not get through\./);
});

describe("what is not understood is said in a sentence, with what to do", () => {
  test.each<[question: string, says: string]>([
    [
      "orders -> database",
      '"orders -> database" does not say which traffic: add it, such as "orders -> database TCP 3306"\n',
    ],
    [
      "orders -> database *",
      '"orders -> database *" does not say which traffic: add it, such as "orders -> database TCP 3306"\n',
    ],
    [
      "ordres -> database TCP 3306",
      '"ordres" is no workload, no group and nothing else that is known here; did you mean orders?\n',
    ],
    ["xyz -> database TCP 3306", "an end is such as shop/orders, aws_security_group.orders"],
    ["web -> database TCP 3306", '"web" may mean Deployment blog/web or Deployment shop/web: say which\n'],
    [
      "10.1.2.3 -> internet TCP 443",
      "neither 10.1.2.3 nor internet has a security group, so no rule decides about it: name a workload, a group or what carries one",
    ],
    ["orders -> database TPC 3306", '"TPC 3306" is not traffic; accepted: TCP or UDP with ports'],
    [" -> database TCP 3306", 'must be FROM -> TO and the traffic, such as "orders -> database TCP 3306"'],
    ["orders -//> database TCP 3306", "must be FROM -> TO and the traffic"],
    ["orders -> web -> database TCP 3306", "must be FROM -> TO and the traffic"],
  ])("%s", async (question, says) => {
    const { status, stdout, stderr } = await asked(question);
    expect(stderr).toContain(says);
    expect(stderr.split("\n")).toHaveLength(2);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });

  test("missing traffic and a wrong end, or an input that cannot be read, at once", async () => {
    const { stderr } = await asked("xyz -> database");
    expect(stderr).toMatch(/does not say which traffic.*\n"xyz" is no workload.*\n$/);
    const { folder } = estate(FILES);
    const unread = await commandHere(
      ["explain", "orders -> database", "infra", "--flows", "none.yaml"],
      folder,
    );
    expect(unread.stderr).toMatch(/does not say which traffic.*\nnone\.yaml: .*\n$/);
    expect(unread.status).toBe(2);
  });

  test("both ends at once", async () => {
    const { stderr } = await asked("xyz -> zyx TCP 1");
    expect(stderr.split("\n")).toHaveLength(3);
  });

  /* The database of orders is called as its clients' group is: either may be meant, and they have other rules. */
  test("a name that a database and a group have, or a database and a workload", async () => {
    const own = estate({
      ...FILES,
      "infra/orders.tf":
        'resource "aws_db_instance" "orders" {\n  vpc_security_group_ids = [aws_security_group.db.id]\n}\n',
    });
    const words = ["explain", "orders -> db TCP 3306", "infra"];
    const alone = await commandHere(words, own.folder);
    expect(alone.stderr).toBe(
      '"orders" may mean aws_db_instance.orders or aws_security_group.orders: say which\n',
    );
    // What asks is the workload; what is asked may be either.
    const asking = await commandHere([...words, ...MANIFESTS], own.folder);
    expect(asking.stdout).toContain("Deployment shop/orders");
    const asked = ["explain", "nodes -> orders TCP 3306", "infra", ...MANIFESTS];
    const beside = await commandHere(asked, own.folder);
    expect(beside.stderr).toBe(
      '"orders" may mean Deployment shop/orders or aws_db_instance.orders: say which\n',
    );
    expect([alone.status, beside.status]).toStrictEqual([2, 2]);
  });

  test("pods whose groups are not known", async () => {
    const { folder } = estate(FILES);
    const words = ["explain", "orders -> database TCP 3306", "infra", "--manifests", "k8s"];
    const { status, stderr } = await commandHere(words, folder);
    expect(stderr).toContain("Deployment shop/orders: the group that ${ORDERS} stands for is not known");
    expect(status).toBe(2);
  });
});
