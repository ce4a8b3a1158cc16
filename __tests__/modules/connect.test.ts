import { TerraformVariable } from "cdktf";
import { describe, expect, test } from "vitest";
import { synthesize } from "../../compose/app";
import { Workload } from "../../compose/workload";
import { connect } from "../../compose/workload/connect";
import type { Stacks } from "../../synth/synthesize";
import { temporaryFolder } from "../support/folders";
import { app, ORDERS, problemsOf, Root, statuses, synthesized } from "../support/workloads";

describe("pod to pod", () => {
  const pair = (root: Root) =>
    ["orders", "payments"].map((name) => new Workload(root, name, ORDERS)) as [Workload, Workload];
  const portsOf = (configuration: Awaited<ReturnType<typeof synthesized>>["configuration"]) => {
    const { ports, udp_ports } = configuration.module["orders_to_payments"] ?? {};
    return { ports, udp_ports };
  };

  test("what is connected is reached, one way, in both halves", async () => {
    const { report } = await synthesized((root) => {
      const [orders, payments] = pair(root);
      connect(orders, payments, { http: 8080 }, { statsd: 8125 });
    });
    expect(statuses(report)).toMatchObject({
      'module.orders_to_payments/TCP["http"]': "holds",
      'module.orders_to_payments/UDP["statsd"]': "holds",
    });
    expect(
      report.rules.filter(({ address }) => address.startsWith("module.orders_to_payments.")),
    ).toHaveLength(4);
  });

  test("each half says who is at which end; its tags are the client's", async () => {
    const { configuration } = await synthesized((root) => {
      const orders = new Workload(root, "orders", { ...ORDERS, platform: "shop", tags: { Team: "a" } });
      const payments = new Workload(root, "payments", { ...ORDERS, platform: "bank" });
      connect(orders, payments, { http: 8080 });
    });
    expect(configuration.module["orders_to_payments"]).toMatchObject({
      client_name: "orders",
      client_security_group_id: "${module.orders.pods_security_group_id}",
      server_name: "payments",
      server_security_group_id: "${module.payments.pods_security_group_id}",
      platform: "shop",
      tags: { Team: "a" },
    });
  });

  test("what is said twice is there once, and more ports are added", async () => {
    const { configuration } = await synthesized((root) => {
      const [orders, payments] = pair(root);
      connect(orders, payments, { http: 8080 });
      connect(orders, payments, { http: "8080" });
      connect(orders, payments, { http: "8080-8080", plain: "08080-8080" });
      connect(orders, payments, { web: 8080, grpc: "9000-9010" });
      connect(payments, orders, { callback: 8081 });
    });
    expect(portsOf(configuration)).toStrictEqual({ ports: { http: 8080, grpc: "9000-9010" }, udp_ports: {} });
    expect(configuration.module["payments_to_orders"]?.["ports"]).toStrictEqual({ callback: 8081 });
  });

  test.each<[string, (a: Workload, b: Workload) => void, string]>([
    ["a workload with itself", (a) => connect(a, a, { http: 80 }), "through its self_ports"],
    [
      "a key that means another port already",
      (a, b) => {
        connect(a, b, { http: 8080 });
        connect(a, b, { http: 9090 });
      },
      'connect "orders" to "payments": ports: "http" is 8080 already, and cannot be 9090',
    ],
    ["no ports", (a, b) => connect(a, b, {}), "Give at least one of ports and udp_ports"],
    ["a reversed range", (a, b) => connect(a, b, { http: "81-80" }), "must not be reversed"],
    [
      "a wrong port in addition",
      (a, b) => {
        connect(a, b, { http: 8080 });
        connect(a, b, { more: 70000 });
      },
      "must be between 0 and 65535",
    ],
    [
      "nothing as the server",
      (a) => connect(a, null as never, { http: 80 }),
      'connect: the server must be a Workload of this app (given: null); for any other group, call module "pod-to-pod"',
    ],
    [
      "the id of a group as the client",
      (_a, b) => connect("sg-0a1b2c3d4e5f60001" as never, b, { http: 80 }),
      'connect: the client must be a Workload of this app (given: "sg-0a1b2c3d4e5f60001")',
    ],
    [
      "no ports at all",
      (a, b) => connect(a, b, undefined as never),
      'connect "orders" to "payments": ports: must be ports by names of your choice, such as { http: 8080 } (nothing was given)',
    ],
    [
      "a port without a name",
      (a, b) => connect(a, b, 8080 as never),
      "ports: must be ports by names of your choice, such as { http: 8080 } (given: 8080)",
    ],
    [
      "a port that is no port",
      (a, b) => connect(a, b, { http: null } as never),
      "ports.http: must be a port or a range, such as 8080 or 8000-8100 (given: null)",
    ],
  ])("%s is refused", (_what, connected, message) => {
    expect(problemsOf((root) => connected(...pair(root)))).toStrictEqual([expect.stringContaining(message)]);
  });

  test("two pairs whose connections would have one address are refused", () => {
    expect(
      problemsOf((root) => {
        const [a, bc, ab, c] = ["a", "b_to_c", "a_to_b", "c"].map((id) => new Workload(root, id, ORDERS)) as [
          Workload,
          Workload,
          Workload,
          Workload,
        ];
        connect(a, bc, { http: 8080 });
        connect(ab, c, { grpc: 9090 });
      }),
    ).toStrictEqual([
      'stack "root": connect "a_to_b" to "c": module.a_to_b_to_c is the connection of "a" to "b_to_c" already: give one of the workloads another id',
    ]);
  });

  test("references are ports, too: each is there once, and none is lost", async () => {
    const { configuration } = await synthesized((root) => {
      const [orders, payments] = pair(root);
      const [one, two] = ["one", "two"].map((name) => new TerraformVariable(root, name, {})) as [
        TerraformVariable,
        TerraformVariable,
      ];
      connect(orders, payments, { http: one.stringValue });
      connect(orders, payments, { grpc: two.stringValue });
      connect(orders, payments, { http: one.numberValue, again: two.numberValue });
    });
    expect(portsOf(configuration).ports).toStrictEqual({ http: "${var.one}", grpc: "${var.two}" });
    expect(
      problemsOf((root) => {
        const [orders, payments] = pair(root);
        connect(orders, payments, { http: 80 });
        connect(orders, payments, { http: new TerraformVariable(root, "one", {}).numberValue });
      }),
    ).toStrictEqual([expect.stringContaining('"http" is 80 already, and cannot be ${var.one}')]);
  });

  test("what names of groups may hold, names of workloads that are connected may hold", async () => {
    const { report } = await synthesized((root) => {
      const orders = new Workload(root, "orders", { ...ORDERS, name: "orders [eu] {1}; a+b=c!$*" });
      connect(orders, new Workload(root, "payments", ORDERS), { http: 8080 });
    });
    expect(statuses(report)).toMatchObject({ 'module.orders_to_payments/TCP["http"]': "holds" });
  });

  test("workloads of two stacks are told how", () => {
    let orders: Workload | undefined;
    const stacks: Stacks = {
      ...app((root) => {
        orders = new Workload(root, "orders", ORDERS);
      }),
      other: (scope, id) =>
        new Root(scope, id, (root) => {
          connect(orders as Workload, new Workload(root, "payments", ORDERS), { http: 80 });
        }),
    };
    expect(() => synthesize(stacks, temporaryFolder())).toThrow(
      'they are in two stacks; call module "pod-to-pod"',
    );
  });
});
