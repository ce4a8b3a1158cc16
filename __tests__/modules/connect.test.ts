import { TerraformVariable } from "cdktf";
import { describe, expect, test } from "vitest";
import { synthesize } from "../../compose/app";
import { Workload } from "../../compose/workload";
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
      orders.connectTo(payments, { ports: { http: 8080 }, udpPorts: { statsd: 8125 } });
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
      orders.connectTo(payments, { ports: { http: 8080 } });
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
      orders.connectTo(payments, { ports: { http: 8080 } });
      orders.connectTo(payments, { ports: { http: "8080" } });
      orders.connectTo(payments, { ports: { http: "8080-8080", plain: "08080-8080" } });
      orders.connectTo(payments, { ports: { web: 8080, grpc: "9000-9010" } });
      payments.connectTo(orders, { ports: { callback: 8081 } });
    });
    expect(portsOf(configuration)).toStrictEqual({ ports: { http: 8080, grpc: "9000-9010" }, udp_ports: {} });
    expect(configuration.module["payments_to_orders"]?.["ports"]).toStrictEqual({ callback: 8081 });
  });

  test.each<[string, (a: Workload, b: Workload) => void, string]>([
    ["a workload with itself", (a) => a.connectTo(a, { ports: { http: 80 } }), "through its selfPorts"],
    [
      "a key that means another port already",
      (a, b) => {
        a.connectTo(b, { ports: { http: 8080 } });
        a.connectTo(b, { ports: { http: 9090 } });
      },
      'connect "orders" to "payments": ports: "http" is 8080 already, and cannot be 9090',
    ],
    ["no ports", (a, b) => a.connectTo(b, { ports: {} }), "Give at least one of ports and udpPorts"],
    ["a reversed range", (a, b) => a.connectTo(b, { ports: { http: "81-80" } }), "must not be reversed"],
    [
      "a wrong port in addition",
      (a, b) => {
        a.connectTo(b, { ports: { http: 8080 } });
        a.connectTo(b, { ports: { more: 70000 } });
      },
      "must be between 0 and 65535",
    ],
    [
      "nothing as the server",
      (a) => a.connectTo(null as never, { ports: { http: 80 } }),
      'workload "orders".connectTo: the server must be a Workload (given: null); for any other security group, call module "pod-to-pod"',
    ],
    [
      "the id of a group as the server",
      (a) => a.connectTo("sg-0a1b2c3d4e5f60001" as never, { ports: { http: 80 } }),
      'the server must be a Workload (given: "sg-0a1b2c3d4e5f60001")',
    ],
    [
      "ports without saying of what",
      (a, b) => a.connectTo(b, { http: 8080 } as never),
      'connect "orders" to "payments": does not know "http"; accepted: ports, udpPorts (given: {"http":8080})',
    ],
    [
      "ports in the module's names",
      (a, b) => a.connectTo(b, { udp_ports: { dns: 53 } } as never),
      'connect "orders" to "payments": does not know "udp_ports" (write udpPorts); accepted: ports, udpPorts',
    ],
    [
      "no ports at all",
      (a, b) => a.connectTo(b, undefined as never),
      'connect "orders" to "payments": must be an object with ports, udpPorts (nothing was given)',
    ],
    [
      "a port without a name",
      (a, b) => a.connectTo(b, { ports: 8080 } as never),
      '"payments".ports: must be ports by names of your choice, such as { http: 8080 } (given: 8080)',
    ],
    [
      "a port that is no port",
      (a, b) => a.connectTo(b, { ports: { http: null } } as never),
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
        a.connectTo(bc, { ports: { http: 8080 } });
        ab.connectTo(c, { ports: { grpc: 9090 } });
      }),
    ).toStrictEqual([
      'stack "root": connect "a_to_b" to "c": module.a_to_b_to_c already connects "a" to "b_to_c": give one of the workloads another id',
    ]);
  });

  test("references are ports, too: each is there once, and none is lost", async () => {
    const { configuration } = await synthesized((root) => {
      const [orders, payments] = pair(root);
      const [one, two] = ["one", "two"].map((name) => new TerraformVariable(root, name, {})) as [
        TerraformVariable,
        TerraformVariable,
      ];
      orders.connectTo(payments, { ports: { http: one.stringValue } });
      orders.connectTo(payments, { ports: { grpc: two.stringValue } });
      orders.connectTo(payments, { ports: { http: one.numberValue, again: two.numberValue } });
    });
    expect(portsOf(configuration).ports).toStrictEqual({ http: "${var.one}", grpc: "${var.two}" });
    expect(
      problemsOf((root) => {
        const [orders, payments] = pair(root);
        orders.connectTo(payments, { ports: { http: 80 } });
        orders.connectTo(payments, { ports: { http: new TerraformVariable(root, "one", {}).numberValue } });
      }),
    ).toStrictEqual([expect.stringContaining('"http" is 80 already, and cannot be ${var.one}')]);
  });

  test("what names of groups may hold, names of workloads that are connected may hold", async () => {
    const { report } = await synthesized((root) => {
      const orders = new Workload(root, "orders", { ...ORDERS, name: "orders [eu] {1}; a+b=c!$*" });
      orders.connectTo(new Workload(root, "payments", ORDERS), { ports: { http: 8080 } });
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
          orders?.connectTo(new Workload(root, "payments", ORDERS), { ports: { http: 80 } });
        }),
    };
    expect(() => synthesize(stacks, temporaryFolder())).toThrow(
      'they are in two stacks; call module "pod-to-pod"',
    );
  });
});
