import { describe, expect, test } from "vitest";
import {
  cureBy,
  deploymentOf,
  groupsWith,
  idOf,
  judged,
  NODES,
  policyFor,
  type Rule,
  serviceOf,
  statuses,
  type Terraform,
  together,
} from "./support/estate";

/*
 * Load balancers of the AWS Load Balancer Controller, by its documents: with stated groups, and with target groups that
 * Terraform makes, the rules are the user's.
 */

const GROUPS = ["orders", "alb", "nlb", "shared", "nodes"];
const PORTS = [
  { name: "http", port: 80, targetPort: "http" },
  { name: "metrics", port: 9000, targetPort: 9090 },
];
const ORDERS = [
  policyFor("orders"),
  deploymentOf("orders", {
    dnsPolicy: "Default",
    containers: [{ name: "app", ports: [{ name: "http", containerPort: 8080 }] }],
  }),
];
const ALB = "alb.ingress.kubernetes.io/";
const NLB = "service.beta.kubernetes.io/aws-load-balancer-";

const ingress = (annotations: object, spec: object = { ingressClassName: "alb" }, name = "front") => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name, namespace: "shop", annotations },
  spec: {
    rules: [
      {
        http: { paths: [{ path: "/", backend: { service: { name: "orders", port: { number: 80 } } } }] },
      },
    ],
    ...spec,
  },
});
const IP = { [`${ALB}target-type`]: "ip" };
const STATED = { ...IP, [`${ALB}security-groups`]: "${alb}" };
const CLASS = { type: "LoadBalancer", loadBalancerClass: "service.k8s.aws/nlb" };
const NLB_IP = { [`${NLB}nlb-target-type`]: "ip" };
const NLB_STATED = { ...NLB_IP, [`${NLB}security-groups`]: "${nlb}" };
const nlb = (annotations: object, ports: readonly object[] = PORTS.slice(0, 1), spec: object = CLASS) =>
  serviceOf("orders", ports, spec, annotations);

const binding = (spec: object) => ({
  apiVersion: "elbv2.k8s.aws/v1beta1",
  kind: "TargetGroupBinding",
  metadata: { name: "orders", namespace: "shop" },
  spec: { serviceRef: { name: "orders", port: 80 }, ...spec },
});

/** A load balancer of Terraform with a listener that leads to a target group. */
const lb = (balancer: object, group: object, name = "orders"): Terraform => ({
  aws_subnet: {
    a: { vpc_id: "vpc-1", cidr_block: "10.0.1.0/24" },
    b: { vpc_id: "vpc-1", cidr_block: "10.0.2.0/24" },
  },
  aws_lb: { [name]: { name, subnets: ["${aws_subnet.a.id}", "${aws_subnet.b.id}"], ...balancer } },
  aws_lb_target_group: { [name]: { name, vpc_id: "vpc-1", port: 80, target_type: "ip", ...group } },
  aws_lb_listener: {
    [name]: {
      load_balancer_arn: `\${aws_lb.${name}.arn}`,
      port: 80,
      default_action: { type: "forward", target_group_arn: `\${aws_lb_target_group.${name}.arn}` },
    },
  },
});

interface Case {
  readonly rules: readonly Rule[];
  readonly objects: readonly object[];
  readonly terraform?: Terraform;
}

const estate = ({ rules, objects, terraform = {} }: Case) =>
  judged({
    terraform: together(NODES, groupsWith(GROUPS, rules), terraform),
    objects: [...ORDERS, ...objects],
  });

/** Bindings name target groups by references, so they are applied by Terraform. */
const bound = (object: object): Terraform => ({ kubernetes_manifest: { binding: { manifest: object } } });
const TG = "${aws_lb_target_group.orders.arn}";

const from = (group: string, port = 8080, protocol = "tcp"): Rule[] => [
  `${group} egress ${protocol} ${port} orders`,
  `orders ingress ${protocol} ${port} ${group}`,
];
const P = "shop/Deployment/orders";

const CASES: readonly (readonly [what: string, Case, ids: readonly string[]])[] = [
  [
    "an Ingress with stated groups",
    { rules: from("alb"), objects: [serviceOf("orders", PORTS), ingress(STATED)] },
    [`${P}/ingress/front/8080`],
  ],
  [
    "its health checks on a port of their own",
    {
      rules: [...from("alb"), ...from("alb", 9090)],
      objects: [serviceOf("orders", PORTS), ingress({ ...STATED, [`${ALB}healthcheck-port`]: "metrics" })],
    },
    [`${P}/ingress/front/8080`, `${P}/ingress/front/health/9090`],
  ],
  [
    "an Ingress by the deprecated annotation, its default backend and the form of v1beta1",
    {
      rules: from("alb"),
      objects: [
        serviceOf("orders", PORTS),
        ingress(
          { ...STATED, "kubernetes.io/ingress.class": "alb" },
          { rules: [], backend: { serviceName: "orders", servicePort: "http" } },
        ),
      ],
    },
    [`${P}/ingress/front/8080`],
  ],
  [
    "a class by its controller, and what an annotation forwards to",
    {
      rules: from("alb"),
      objects: [
        serviceOf("orders", PORTS),
        { kind: "IngressClass", metadata: { name: "public" }, spec: { controller: "ingress.k8s.aws/alb" } },
        ingress(
          {
            ...STATED,
            [`${ALB}actions.split`]:
              '{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"orders","servicePort":"80"}]}}',
          },
          {
            ingressClassName: "public",
            rules: [],
            defaultBackend: { service: { name: "split", port: { name: "use-annotation" } } },
          },
        ),
      ],
    },
    [`${P}/ingress/front/8080`],
  ],
  [
    "the default class, and groups that another Ingress of its group states",
    {
      rules: from("alb"),
      objects: [
        serviceOf("orders", PORTS),
        {
          kind: "IngressClass",
          metadata: { name: "x", annotations: { "ingressclass.kubernetes.io/is-default-class": "true" } },
          spec: { controller: "ingress.k8s.aws/alb", parameters: { name: "x" } },
        },
        { kind: "IngressClassParams", metadata: { name: "x" }, spec: { targetType: "ip" } },
        ingress({ [`${ALB}group.name`]: "shop" }, {}),
        ingress(
          { [`${ALB}group.name`]: "shop", [`${ALB}security-groups`]: "${alb}" },
          { rules: [] },
          "other",
        ),
      ],
    },
    [`${P}/ingress/front/8080`],
  ],
  [
    "an NLB with stated groups, whose targets see its own addresses",
    { rules: from("nlb"), objects: [nlb(NLB_STATED)] },
    [`${P}/service/orders/8080`],
  ],
  [
    "an NLB by the annotation of older clusters, with health checks",
    {
      rules: [...from("nlb"), ...from("nlb", 9091)],
      objects: [
        nlb(
          {
            ...NLB_STATED,
            [`${NLB}type`]: "external",
            [`${NLB}healthcheck-port`]: "9091",
            [`${NLB}target-group-attributes`]: "preserve_client_ip.enabled=true",
          },
          PORTS.slice(0, 1),
          { type: "LoadBalancer" },
        ),
      ],
    },
    [`${P}/service/orders/8080`, `${P}/service/orders/health/9091`],
  ],
  [
    "UDP, of which health checks are TCP on the same port",
    {
      rules: [...from("nlb", 8125, "udp"), ...from("nlb", 8125)],
      objects: [nlb(NLB_STATED, [{ port: 8125, protocol: "UDP" }])],
    },
    [`${P}/service/orders/udp/8125`, `${P}/service/orders/health/8125`],
  ],
  [
    "an NLB without groups whose clients are stated",
    {
      rules: ["orders ingress tcp 8080 10.9.0.0/16", "orders ingress tcp 8080 10.0.1.0/24"],
      objects: [
        nlb(
          {
            ...NLB_IP,
            [`${NLB}disable-nlb-sg`]: "true",
            [`${NLB}manage-backend-security-group-rules`]: "false",
            [`${NLB}subnets`]: "public-a",
            [`${NLB}target-group-attributes`]: "preserve_client_ip.enabled=true",
          },
          PORTS.slice(0, 1),
          { ...CLASS, loadBalancerSourceRanges: ["10.9.0.0/16"] },
        ),
      ],
      terraform: {
        aws_subnet: { a: { vpc_id: "vpc-1", cidr_block: "10.0.1.0/24", tags: { Name: "public-a" } } },
      },
    },
    [`${P}/service/orders/8080`, `${P}/service/orders/health/8080`],
  ],
  [
    "an ALB of Terraform by the target group that is bound",
    {
      rules: [...from("shared"), ...from("shared", 9090)],
      objects: [serviceOf("orders", PORTS)],
      terraform: together(
        lb({ security_groups: [idOf("shared")] }, { protocol: "HTTP", health_check: { port: 9090 } }),
        bound(binding({ targetGroupARN: TG })),
      ),
    },
    [`${P}/target-group/orders/8080`, `${P}/target-group/orders/health/9090`],
  ],
  [
    "an NLB of Terraform without groups, by its subnets",
    {
      rules: ["orders ingress tcp 8080 10.0.1.0/24", "orders ingress tcp 8080 10.0.2.0/24"],
      objects: [serviceOf("orders", PORTS), binding({ targetGroupName: "orders" })],
      terraform: lb({ load_balancer_type: "network" }, { protocol: "TCP" }),
    },
    [`${P}/target-group/orders/8080`],
  ],
];

describe("what a load balancer sends to pods holds where its rules are there", () => {
  test.each(CASES)("%s", async (_, one, ids) => {
    const report = await estate(one);
    expect(statuses(report)).toStrictEqual(Object.fromEntries(ids.map((id) => [id, "holds"])));
    expect(report.findings.filter(({ severity }) => severity === "error")).toStrictEqual([]);
  });
});

describe("without any one of the rules it breaks, and the rule is the cure", () => {
  const each = CASES.flatMap(([what, one]) => one.rules.map((rule) => [what, rule, one] as const));
  test.each(each)("%s: %s", async (_, rule, one) => {
    const { verdicts } = await estate({ ...one, rules: one.rules.filter((other) => other !== rule) });
    const broken = verdicts.filter(({ status }) => status === "broken");
    expect(broken).toHaveLength(1);
    expect(broken[0]?.cures).toStrictEqual([cureBy(rule)]);
  });
});

test("what needs it is said", async () => {
  const { verdicts } = await estate({
    rules: [],
    objects: [serviceOf("orders", PORTS), ingress({ ...STATED, [`${ALB}healthcheck-port`]: "9090" })],
  });
  expect(verdicts.map(({ flow }) => flow.origins?.[0]?.words)).toStrictEqual([
    "Deployment shop/orders, Ingress shop/front",
    "Deployment shop/orders, health checks of Ingress shop/front",
  ]);
});

describe("targets that are instances: the nodes pass on what they get", () => {
  const port = [{ ...PORTS[0], nodePort: 30080 }];
  const NODE_PORT: Rule[] = ["alb egress tcp 30080 nodes", "nodes ingress tcp 30080 alb"];
  const TO_PODS = from("nodes");

  test("from the balancer to the nodes, and from these to the pods", async () => {
    const objects = [
      serviceOf("orders", port, { type: "NodePort" }),
      ingress({ [`${ALB}security-groups`]: "${alb}" }),
    ];
    const report = await estate({ rules: [...NODE_PORT, ...TO_PODS], objects });
    const ids = [`${P}/ingress/front/nodes/8080`, `${P}/ingress/front/node-port/30080`];
    expect(statuses(report)).toStrictEqual(Object.fromEntries(ids.map((id) => [id, "holds"])));
    const broken = await estate({ rules: NODE_PORT, objects });
    expect(statuses(broken)[ids[0] ?? ""]).toBe("broken");
  });

  test("the rule at the nodes is the controller's where no groups are stated, the one at the pods never", async () => {
    const report = await estate({ rules: TO_PODS, objects: [nlb({}, port)] });
    expect(statuses(report)).toStrictEqual({ [`${P}/service/orders/nodes/8080`]: "holds" });
  });

  test("a port that the cluster chooses is not judged", async () => {
    const objects = [
      serviceOf("orders", PORTS, { type: "NodePort" }),
      ingress({ [`${ALB}security-groups`]: "${alb}" }),
    ];
    const report = await estate({ rules: TO_PODS, objects });
    expect(Object.keys(statuses(report))).toStrictEqual([`${P}/ingress/front/nodes/8080`]);
    expect(report.notes.join("\n")).toMatch(/the nodePort of shop\/Service\/orders is not known/);
  });

  test("with externalTrafficPolicy Local nothing comes from other nodes", async () => {
    const report = await estate({
      rules: [],
      objects: [nlb({}, port, { ...CLASS, externalTrafficPolicy: "Local" })],
    });
    expect(statuses(report)).toStrictEqual({});
  });
});

describe("what is somebody else's is not judged, in silence", () => {
  test.each<[what: string, objects: readonly object[]]>([
    ["an Ingress without stated groups", [serviceOf("orders", PORTS), ingress(IP)]],
    [
      "stated groups with rules that the controller manages",
      [
        serviceOf("orders", PORTS),
        ingress({ ...STATED, [`${ALB}manage-backend-security-group-rules`]: "true" }),
      ],
    ],
    [
      "a controller that manages rules by default",
      [
        serviceOf("orders", PORTS),
        ingress(STATED),
        {
          kind: "Deployment",
          metadata: { name: "controller", namespace: "kube-system" },
          spec: {
            template: {
              metadata: { labels: {} },
              spec: {
                containers: [
                  {
                    image: "public.ecr.aws/eks/aws-load-balancer-controller:v2.13.0",
                    args: ["--cluster-name=main", "--enable-manage-backend-security-group-rules=true"],
                  },
                ],
              },
            },
          },
        },
      ],
    ],
    ["another class", [serviceOf("orders", PORTS), ingress(STATED, { ingressClassName: "nginx" })]],
    [
      "another class by the annotation, which goes before the field",
      [serviceOf("orders", PORTS), ingress({ ...STATED, "kubernetes.io/ingress.class": "nginx" })],
    ],
    ["no class at all", [serviceOf("orders", PORTS), ingress(STATED, {})]],
    [
      "a class of that name with another controller",
      [
        serviceOf("orders", PORTS),
        ingress(STATED),
        { kind: "IngressClass", metadata: { name: "alb" }, spec: { controller: "eks.amazonaws.com/alb" } },
      ],
    ],
    ["a Service of the cloud provider", [nlb(NLB_STATED, PORTS, { type: "LoadBalancer" })]],
    [
      "a Service of another class",
      [
        nlb({ ...NLB_STATED, [`${NLB}type`]: "external" }, PORTS, {
          type: "LoadBalancer",
          loadBalancerClass: "tailscale",
        }),
      ],
    ],
    ["an NLB without stated groups", [nlb(NLB_IP)]],
    ["an Ingress that leads elsewhere", [serviceOf("other", PORTS), ingress(STATED)]],
    [
      "a binding with rules of its own",
      [
        serviceOf("orders", PORTS),
        binding({
          targetGroupARN: "arn:aws:elasticloadbalancing:x",
          targetType: "ip",
          networking: { ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/16" } }], ports: [{ port: 80 }] }] },
        }),
      ],
    ],
  ])("%s", async (_, objects) => {
    const report = await estate({ rules: [], objects });
    expect(statuses(report)).toStrictEqual({});
    expect(report.notes.join("\n")).not.toMatch(/not judged/);
  });
});

describe("what is not known is never judged", () => {
  test.each<[what: string, objects: readonly object[], words: RegExp, terraform?: Terraform]>([
    [
      "a group by a name that no tag has",
      [serviceOf("orders", PORTS), ingress({ ...IP, [`${ALB}security-groups`]: "web" })],
      /the group that web stands for is not known, so what Ingress shop\/front sends/,
    ],
    [
      "a group of a placeholder that nobody maps",
      [serviceOf("orders", PORTS), ingress({ ...IP, [`${ALB}security-groups`]: "<alb-sg>" })],
      /the group that <alb-sg> stands for/,
    ],
    [
      "an id in a manifest, which may be of a group that is declared here",
      [serviceOf("orders", PORTS), ingress({ ...IP, [`${ALB}security-groups`]: "sg-0123456789abcdef0" })],
      /the group that sg-0123456789abcdef0 stands for/,
    ],
    [
      "a target type that is the controller's default, for a Service without ports on nodes",
      [serviceOf("orders", PORTS), ingress({ [`${ALB}security-groups`]: "${alb}" })],
      /its target type, ip or instance, is not known/,
    ],
    [
      "a port that the Service does not have",
      [serviceOf("orders", [{ port: 81 }]), ingress(STATED)],
      /the port of shop\/Service\/orders that it names is not known/,
    ],
    [
      "a named port that no container has",
      [serviceOf("orders", [{ port: 80, targetPort: "web" }]), ingress(STATED)],
      /the port of the pods behind shop\/Service\/orders is not known/,
    ],
    [
      "a target group that the input does not show",
      [serviceOf("orders", PORTS), binding({ targetGroupARN: "${TARGET_GROUP}", targetType: "ip" })],
      /which target group it binds is not known/,
    ],
    [
      "the type of its targets",
      [serviceOf("orders", PORTS), binding({ targetGroupARN: "${TARGET_GROUP}" })],
      /its target type, ip or instance, is not known/,
    ],
    [
      "the subnets of an NLB without groups",
      [
        nlb({
          ...NLB_IP,
          [`${NLB}disable-nlb-sg`]: "true",
          [`${NLB}manage-backend-security-group-rules`]: "false",
        }),
      ],
      /in which subnets orders-nlb is, which has no groups, is not known/,
    ],
    [
      "a target group to which no listener leads here",
      [serviceOf("orders", PORTS), binding({ targetGroupName: "orders" })],
      /which load balancer leads to aws_lb_target_group.orders is not known/,
      { aws_lb_target_group: { orders: { name: "orders", target_type: "ip", vpc_id: "vpc-1" } } },
    ],
  ])("%s", async (_, objects, words, terraform = {}) => {
    const report = await estate({ rules: [], objects, terraform });
    expect(statuses(report)).toStrictEqual({});
    expect(report.notes.join("\n")).toMatch(words);
  });
});

test("an id or a placeholder of a load balancer asks to be mapped, and what is mapped is on a load balancer", async () => {
  const { findings } = await estate({
    rules: [],
    objects: [serviceOf("orders", PORTS), ingress({ ...IP, [`${ALB}security-groups`]: "<alb-sg>" })],
  });
  expect(findings.filter(({ check }) => check === "group-not-mapped")).toMatchObject([
    {
      address: "shop/Ingress/front",
      message: expect.stringContaining("<alb-sg> in shop/Ingress/front stands for"),
    },
  ]);
  const { groups } = await estate({ rules: [], objects: [serviceOf("orders", PORTS), ingress(STATED)] });
  const alb = groups.find(({ key }) => key === "aws_security_group.alb");
  expect([...(alb?.roles ?? [])]).toStrictEqual(["load-balancer"]);
});

/** What the API server adds, and the bindings that the controller makes. */
test("a live dump says the same", async () => {
  const rules = from("alb");
  const [{ spec, metadata, ...rest }] = [
    ingress({ ...STATED, "kubectl.kubernetes.io/last-applied-configuration": "{}" }),
  ];
  const objects = [
    {
      ...serviceOf("orders", [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }], {
        type: "ClusterIP",
        clusterIP: "172.20.1.2",
        ipFamilies: ["IPv4"],
        internalTrafficPolicy: "Cluster",
      }),
      status: { loadBalancer: {} },
    },
    {
      ...rest,
      metadata: { ...metadata, uid: "1", finalizers: ["ingress.k8s.aws/resources"] },
      spec,
      status: {},
    },
    {
      ...binding({ targetGroupARN: "arn:aws:elasticloadbalancing:x", targetType: "ip", vpcID: "vpc-1" }),
      metadata: {
        name: "k8s-shop-orders-0123456789",
        namespace: "shop",
        labels: { "ingress.k8s.aws/stack-name": "front", "ingress.k8s.aws/stack-namespace": "shop" },
      },
    },
  ];
  const report = await estate({ rules, objects });
  expect(statuses(report)).toStrictEqual({ [`${P}/ingress/front/8080`]: "holds" });
  expect(report.notes.join("\n")).not.toMatch(/not judged/);
});

test("a literal ARN names its target group", async () => {
  const arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/orders/0123456789abcdef";
  const report = await estate({
    rules: from("shared"),
    objects: [serviceOf("orders", PORTS), binding({ targetGroupARN: arn })],
    terraform: lb({ security_groups: [idOf("shared")] }, { protocol: "HTTP" }),
  });
  expect(statuses(report)).toStrictEqual({ [`${P}/target-group/orders/8080`]: "holds" });
});

test("groups by their tags Name, several, and by references of Terraform", async () => {
  const named = { aws_security_group: { alb: { name: "alb", vpc_id: "vpc-1", tags: { Name: "web" } } } };
  const byTag = await estate({
    rules: from("alb"),
    objects: [serviceOf("orders", PORTS), ingress({ ...IP, [`${ALB}security-groups`]: "web, ${nlb}" })],
    terraform: named,
  });
  const id = `${P}/ingress/front/8080`;
  expect(byTag.verdicts.find(({ flow }) => flow.id.name === id)).toMatchObject({
    status: "holds",
    flow: { from: { groups: ["aws_security_group.alb", "aws_security_group.nlb"] } },
  });
  const typed: Terraform = {
    kubernetes_service_v1: {
      orders: {
        metadata: { name: "orders", namespace: "shop" },
        spec: { selector: { app: "orders" }, port: [{ port: 80, target_port: "http" }] },
      },
    },
    kubernetes_ingress_v1: {
      front: {
        metadata: {
          name: "front",
          namespace: "shop",
          annotations: { ...IP, [`${ALB}security-groups`]: `${idOf("alb")},${idOf("nlb")}` },
        },
        spec: {
          ingress_class_name: "alb",
          rule: [
            {
              http: {
                path: [{ path: "/", backend: { service: { name: "orders", port: { number: 80 } } } }],
              },
            },
          ],
        },
      },
    },
  };
  const byTerraform = await estate({ rules: from("alb"), objects: [], terraform: typed });
  expect(byTerraform.verdicts.find(({ flow }) => flow.id.name === id)).toMatchObject({
    status: "holds",
    flow: { from: { groups: ["aws_security_group.alb", "aws_security_group.nlb"] } },
  });
});
