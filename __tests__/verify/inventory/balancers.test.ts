import { describe, expect, test } from "vitest";
import { Unknown } from "../../../expression/value";
import { takeInventory } from "../../../verify/inventory";
import { targetsOf } from "../../../verify/inventory/balancers";
import { items, pairs } from "../../../verify/inventory/balancers/annotations";
import { controller } from "../../../verify/inventory/balancers/controller";
import { serviceNamed } from "../../../verify/inventory/kubernetes/services";
import { type Arguments, inputOf, type Resources } from "../support/input";

const ARN = "arn:aws:elasticloadbalancing:eu-west-1:111122223333";
const SERVICE: Arguments = {
  manifest: {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "orders", namespace: "shop" },
    spec: { selector: { app: "orders" }, ports: [{ port: 80 }] },
  },
};
const binding = (spec: Arguments): Arguments => ({
  manifest: {
    kind: "TargetGroupBinding",
    metadata: { name: "orders", namespace: "shop" },
    spec: { serviceRef: { name: "orders", port: 80 }, ...spec },
  },
});

function targets(resources: Resources, kind: "configuration" | "state" = "configuration") {
  const inventory = takeInventory(inputOf({ "kubernetes_manifest.s": SERVICE, ...resources }, { kind }));
  const service = serviceNamed(inventory, "shop", "orders");
  if (service === undefined) throw new Error("no Service");
  return targetsOf(inventory, service);
}

test("in a state all is known by ARNs and ids", () => {
  const found = targets(
    {
      "aws_security_group.lb": { id: "sg-0123456789abcdef0" },
      "aws_lb.l": {
        arn: `${ARN}:loadbalancer/app/l/1`,
        name: "l",
        load_balancer_type: "application",
        security_groups: ["sg-0123456789abcdef0"],
      },
      "aws_lb_listener.l": {
        arn: `${ARN}:listener/app/l/1/2`,
        load_balancer_arn: `${ARN}:loadbalancer/app/l/1`,
        default_action: [{ type: "fixed-response" }],
      },
      "aws_lb_listener_rule.r": {
        listener_arn: `${ARN}:listener/app/l/1/2`,
        action: [
          { type: "forward", forward: [{ target_group: [{ arn: `${ARN}:targetgroup/t/3`, weight: 1 }] }] },
        ],
      },
      "aws_lb_target_group.t": {
        arn: `${ARN}:targetgroup/t/3`,
        name: "t",
        target_type: "ip",
        protocol: "HTTP",
        health_check: [{ port: "traffic-port" }],
      },
      "kubernetes_manifest.b": binding({ targetGroupARN: `${ARN}:targetgroup/t/3` }),
    },
    "state",
  );
  expect(found).toMatchObject([
    {
      id: "target-group/orders",
      type: "ip",
      rulesBy: "user",
      protocols: ["tcp"],
      showsClients: false,
      healthPort: "traffic-port",
      balancers: [{ name: "l", groups: ["aws_security_group.lb"] }],
    },
  ]);
});

describe("whether targets of an NLB of Terraform see clients", () => {
  test.each<[what: string, group: Arguments, showsClients: boolean | undefined]>([
    ["pods", { target_type: "ip" }, false],
    ["pods, where it is asked for", { target_type: "ip", preserve_client_ip: "true" }, true],
    ["nodes", {}, true],
    ["nodes, where it is not wanted", { preserve_client_ip: "false" }, false],
    ["what is not known", { target_type: "ip", preserve_client_ip: "${var.preserve}" }, undefined],
  ])("%s", (_, group, showsClients) => {
    const found = targets({
      "aws_lb_target_group.t": { name: "t", protocol: "TCP", ...group },
      "kubernetes_manifest.b": binding({ targetGroupName: "t" }),
    });
    expect(found.map((one) => one.showsClients)).toStrictEqual([showsClients]);
  });
});

/** https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/configurations/ */
describe("what the controller is started with", () => {
  const DEFAULTS = {
    managesRules: false,
    defaultTargetType: "instance",
    loadBalancerClass: "service.k8s.aws/nlb",
    ingressClass: "alb",
  };
  test.each<[what: string, resources: Resources, expected: object]>([
    ["nothing that is seen", {}, DEFAULTS],
    [
      "values of its chart",
      {
        "helm_release.c": {
          chart: "aws-load-balancer-controller",
          set: [
            { name: "defaultTargetType", value: "ip" },
            { name: "enableManageBackendSecurityGroupRules", value: "true" },
          ],
        },
      },
      { ...DEFAULTS, defaultTargetType: "ip", managesRules: true },
    ],
    [
      "values that are not known",
      { "helm_release.c": { chart: "aws-load-balancer-controller", values: "${var.values}" } },
      {
        managesRules: undefined,
        defaultTargetType: undefined,
        loadBalancerClass: undefined,
        ingressClass: undefined,
      },
    ],
  ])("%s", (_, resources, expected) => {
    expect(controller(takeInventory(inputOf(resources)))).toStrictEqual(expected);
  });
});

test("lists and maps of annotations", () => {
  const [a, b] = [new Unknown("a.id"), new Unknown("b.id")];
  expect(items("sg-1, web,,")).toStrictEqual(["sg-1", "web"]);
  expect(items(new Unknown("x", [a, ", ", b]))).toStrictEqual([a, b]);
  expect(items(a)).toStrictEqual([a]);
  expect(items(new Unknown("x", ["sg-", a])).map(String)).toHaveLength(1);
  expect(pairs("a=b, c=d=e,f")).toStrictEqual(
    new Map([
      ["a", "b"],
      ["c", "d=e"],
    ]),
  );
  expect(pairs(a)).toBeUndefined();
});
