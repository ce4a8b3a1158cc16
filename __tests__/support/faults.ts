import type { Manifest } from "./api-server";
import type { GroupWords } from "./kubernetes-forms";
import { CNI, OBJECTS, TERRAFORM } from "./shop";
import { type Block, Reference, type Resources } from "./terraform-forms";

/** What a report says of a fault, and nothing else: broken flows by their ids, warnings and errors by what they are about. */
export interface Found {
  readonly broken?: readonly string[];
  readonly told?: readonly string[];
}

type Objects = Readonly<Record<string, Manifest>>;

/** A fault of an object of Kubernetes. */
export interface ObjectFault extends Found {
  readonly what: string;
  readonly objects: Objects;
  /** The groups that it needs besides, by the text that stands for them. */
  readonly groups?: GroupWords;
}

const CONTAINER = "spec.template.spec.containers.0";
const ORDERS = "shop/Deployment/orders";

/** The estate with something else at a path of one of its objects, or without what is there. */
function changed(
  name: keyof typeof OBJECTS,
  ...changes: readonly (readonly [path: string, value?: unknown])[]
): Objects {
  const object = changes.reduce<unknown>(
    (before, [path, value]) => at(before, path.split("."), value),
    OBJECTS[name],
  );
  return { ...OBJECTS, [name]: object as Manifest };
}

function at(value: unknown, [key, ...rest]: readonly string[], given: unknown): unknown {
  if (key === undefined) return given;
  if (Array.isArray(value)) return value.toSpliced(Number(key), 1, at(value[Number(key)], rest, given));
  const { [key]: inner, ...others } = (value ?? {}) as Record<string, unknown>;
  const changed = at(inner, rest, given);
  return changed === undefined ? others : { ...others, [key]: changed };
}

/** Another object besides. */
const besides = (...objects: readonly Manifest[]): Objects => ({
  ...OBJECTS,
  ...Object.fromEntries(objects.map((one, index) => [`other${index}`, one])),
});

const policy = (name: string, spec: Block): Manifest => ({
  apiVersion: "vpcresources.k8s.aws/v1beta1",
  kind: "SecurityGroupPolicy",
  metadata: { name, namespace: "shop" },
  spec,
});

const MORE_GROUPS: GroupWords = Object.fromEntries(
  [1, 2, 3, 4, 5].map((number) => [`\${MORE_${number}_SG_ID}`, `aws_security_group.more_${number}`]),
);

export const OBJECT_FAULTS: readonly ObjectFault[] = [
  {
    what: "a readiness probe on a port that no rule allows",
    objects: changed("orders", [`${CONTAINER}.readinessProbe.httpGet.port`, 8089]),
    broken: [`${ORDERS}/readiness/8089`],
  },
  {
    what: "a startup probe that was added",
    objects: changed("orders", [`${CONTAINER}.startupProbe`, { grpc: { port: 9090 } }]),
    broken: [`${ORDERS}/startup/9090`],
  },
  {
    what: "a hook on a port that no rule allows",
    objects: changed("orders", [
      `${CONTAINER}.lifecycle`,
      { preStop: { httpGet: { path: "/", port: 8090 } } },
    ]),
    broken: [`${ORDERS}/preStop/8090`],
  },
  {
    what: "a probe of an init container that goes on running",
    objects: changed("orders", [
      "spec.template.spec.initContainers",
      [
        {
          name: "proxy",
          image: "registry.example.com/proxy:1",
          restartPolicy: "Always",
          startupProbe: { tcpSocket: { port: 15021 } },
        },
      ],
    ]),
    broken: [`${ORDERS}/startup/15021`],
  },
  {
    what: "a webhook that listens on another port",
    objects: changed("orders", [`${CONTAINER}.ports.1.containerPort`, 9449]),
    broken: [`${ORDERS}/webhook/9449`],
  },
  {
    what: "an API that listens on another port",
    objects: changed("orders", [`${CONTAINER}.ports.2.containerPort`, 9555]),
    broken: [`${ORDERS}/api/9555`],
  },
  {
    what: "an API at a port of the Service that leads to another port of the pods",
    objects: changed("service", ["spec.ports.2.targetPort", 9666]),
    broken: [`${ORDERS}/api/9666`],
  },
  {
    what: "a Service whose target port has another number than the rules",
    objects: changed("service", ["spec.ports.0.targetPort", 8085]),
    broken: [`${ORDERS}/ingress/orders/8085`],
  },
  {
    what: "a health check of the load balancer on another port",
    objects: changed("ingress", [
      "metadata.annotations",
      { ...OBJECTS.ingress.metadata.annotations, "alb.ingress.kubernetes.io/healthcheck-port": "8099" },
    ]),
    broken: [`${ORDERS}/ingress/orders/health/8099`],
  },
  {
    what: "a load balancer with another group",
    objects: changed("ingress", [
      "metadata.annotations",
      {
        ...OBJECTS.ingress.metadata.annotations,
        "alb.ingress.kubernetes.io/security-groups": "${DATABASE_SG_ID}",
      },
    ]),
    broken: [`${ORDERS}/ingress/orders/8080`],
  },
  {
    what: "a Service of type LoadBalancer whose group no rule names",
    objects: besides({
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        name: "public",
        namespace: "shop",
        annotations: {
          "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "ip",
          "service.beta.kubernetes.io/aws-load-balancer-security-groups": "${STOREFRONT_SG_ID}",
        },
      },
      spec: {
        type: "LoadBalancer",
        loadBalancerClass: "service.k8s.aws/nlb",
        selector: { app: "orders" },
        ports: [{ name: "http", port: 80, targetPort: 8086 }],
      },
    }),
    broken: [`${ORDERS}/service/public/8086`],
  },
  {
    what: "a network policy that allows a port which no rule does",
    objects: changed("networkPolicy", [
      "spec.ingress.0.ports",
      [
        { port: "http", protocol: "TCP" },
        { port: 9100, protocol: "TCP" },
      ],
    ]),
    broken: [`${ORDERS}/from/shop/Deployment/storefront/9100`],
  },
  {
    what: "a policy whose label is off by one letter",
    objects: changed("ordersPolicy", ["spec.podSelector.matchLabels.app", "order"]),
    told: ["policy-matches-no-workload shop/SecurityGroupPolicy/orders"],
  },
  {
    what: "a policy in another namespace than its pods",
    objects: changed("ordersPolicy", ["metadata.namespace", "office"]),
    told: ["policy-matches-no-workload office/SecurityGroupPolicy/orders"],
  },
  {
    what: "a policy with a selector that the controller cannot read",
    objects: changed("ordersPolicy", [
      "spec.podSelector",
      { matchExpressions: [{ key: "app", operator: "Equals", values: ["orders"] }] },
    ]),
    told: ["policy-refused shop/SecurityGroupPolicy/orders"],
  },
  {
    what: "a policy without a selector",
    objects: changed("ordersPolicy", ["spec.podSelector"]),
    told: ["policy-selects-nothing shop/SecurityGroupPolicy/orders"],
  },
  {
    what: "a policy that selects a whole namespace",
    objects: changed("ordersPolicy", ["spec.podSelector", {}]),
    told: ["policy-selects-namespace shop/SecurityGroupPolicy/orders"],
  },
  {
    what: "a policy without groups",
    objects: changed("ordersPolicy", ["spec.securityGroups"]),
    told: ["policy-without-groups shop/SecurityGroupPolicy/orders"],
  },
  {
    what: "more groups than an interface takes",
    objects: besides(
      policy("more", {
        podSelector: { matchLabels: { app: "orders" } },
        securityGroups: { groupIds: Object.keys(MORE_GROUPS) },
      }),
    ),
    told: ["groups-per-interface shop/SecurityGroupPolicy/orders"],
    groups: MORE_GROUPS,
  },
  {
    what: "a service account without the label of the policy",
    objects: changed("storefrontAccount", ["metadata.labels", { runs: "store-front" }]),
    told: ["policy-matches-no-workload shop/SecurityGroupPolicy/storefront"],
  },
  {
    what: "a service account that is not there",
    objects: changed("storefront", ["spec.template.spec.serviceAccountName", "storefronts"]),
    told: ["service-account-not-declared shop/Deployment/storefront"],
  },
  {
    what: "pods on the network of their node",
    objects: changed("orders", ["spec.template.spec.hostNetwork", true]),
    told: ["policy-matches-no-workload shop/SecurityGroupPolicy/orders"],
  },
  {
    what: "pods for Windows by a node affinity",
    objects: changed("orders", [
      "spec.template.spec.affinity",
      {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: "kubernetes.io/os", operator: "In", values: ["windows"] }] },
            ],
          },
        },
      },
    ]),
    told: [`windows-pod-with-groups ${ORDERS}`],
  },
  {
    what: "a name server of its own that no rule allows",
    objects: changed(
      "orders",
      ["spec.template.spec.dnsPolicy", "None"],
      ["spec.template.spec.dnsConfig", { nameservers: ["10.9.0.2"] }],
    ),
    broken: [`${ORDERS}/dns`],
  },
  {
    what: "a cache of DNS on each node",
    objects: besides({
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name: "node-local-dns", namespace: "kube-system" },
      spec: {
        selector: { matchLabels: { "k8s-app": "node-local-dns" } },
        template: {
          metadata: { labels: { "k8s-app": "node-local-dns" } },
          spec: {
            hostNetwork: true,
            dnsPolicy: "Default",
            containers: [
              {
                name: "node-cache",
                image: "registry.k8s.io/dns/k8s-dns-node-cache:1.23.0",
                args: ["-localip", "169.254.20.10,172.20.0.10", "-conf", "/etc/Corefile"],
              },
            ],
          },
        },
      },
    }),
    told: ["node-local-dns-unreachable kube-system/DaemonSet/node-local-dns"],
  },
  {
    what: "a Service that keeps traffic to instances on the node",
    objects: besides({
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        name: "public",
        namespace: "shop",
        annotations: { "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "instance" },
      },
      spec: {
        type: "LoadBalancer",
        loadBalancerClass: "service.k8s.aws/nlb",
        externalTrafficPolicy: "Local",
        selector: { app: "orders" },
        ports: [{ name: "http", port: 80, targetPort: 8080 }],
      },
    }),
    told: ["instance-targets-local shop/Service/public"],
  },
];

/** A fault of a resource of Terraform. */
export interface ResourceFault extends Found {
  readonly what: string;
  readonly resources: Resources;
}

function without(...addresses: readonly string[]): Resources {
  return Object.fromEntries(Object.entries(TERRAFORM).filter(([address]) => !addresses.includes(address)));
}

function resource(address: string, body: Block): Resources {
  return { ...TERRAFORM, [address]: { ...TERRAFORM[address], ...body } };
}

const addOn = (values: object) =>
  resource("aws_eks_addon.vpc_cni", { configuration_values: JSON.stringify(values) });
const rule = (direction: string, name: string) => `aws_vpc_security_group_${direction}_rule.${name}`;

export const RESOURCE_FAULTS: readonly ResourceFault[] = [
  {
    what: "the cluster's role without its policy",
    resources: without("aws_iam_role_policy_attachment.amazoneksvpcresourcecontroller"),
    told: ["cluster-role-policy aws_iam_role.cluster"],
  },
  {
    what: "the add-on without groups of pods",
    resources: addOn({ ...CNI, env: { ...CNI.env, ENABLE_POD_ENI: "false" } }),
    told: ["pod-eni-disabled aws_eks_addon.vpc_cni"],
  },
  {
    what: "the add-on with a value that is no text",
    resources: addOn({ ...CNI, env: { ...CNI.env, ENABLE_POD_ENI: true } }),
    told: ["cni-value-not-a-string aws_eks_addon.vpc_cni"],
  },
  {
    what: "the add-on with early demultiplexing",
    resources: addOn({ env: CNI.env }),
    told: ["tcp-early-demux aws_eks_addon.vpc_cni"],
  },
  {
    what: "nodes of a type without branch interfaces",
    resources: resource("aws_launch_template.nodes", { instance_type: "t3.large" }),
    told: ["instance-type-without-trunk aws_launch_template.nodes"],
  },
  {
    what: "no port 53 into the nodes' group",
    resources: without(rule("ingress", "orders_nodes_udp_53"), rule("ingress", "orders_nodes_tcp_53")),
    broken: [`${ORDERS}/dns`],
  },
  {
    what: "port 53 out for one protocol alone",
    resources: without(rule("egress", "orders_nodes_tcp_53")),
    broken: [`${ORDERS}/dns`],
  },
  {
    what: "no rule for a probe",
    resources: without(rule("ingress", "nodes_orders_tcp_8080")),
    broken: [`${ORDERS}/readiness/8080`],
  },
  {
    what: "no rule to a database",
    resources: without(rule("egress", "orders_database_tcp_5432")),
    broken: [`${ORDERS}/data/aws_db_instance.orders`],
  },
  {
    what: "no rule into a database",
    resources: without(rule("ingress", "orders_database_tcp_5432")),
    broken: [`${ORDERS}/data/aws_db_instance.orders`],
  },
  {
    what: "a rule for another port of the database",
    resources: resource(rule("ingress", "orders_database_tcp_5432"), { from_port: 3306, to_port: 3306 }),
    broken: [`${ORDERS}/data/aws_db_instance.orders`],
    told: ["data-service-port aws_db_instance.orders"],
  },
  {
    what: "no rule out of the load balancer",
    resources: without(rule("egress", "alb_orders_tcp_8080")),
    broken: [`${ORDERS}/ingress/orders/8080`],
  },
  {
    what: "no rule from the control plane",
    resources: without(rule("ingress", "control_plane_orders_tcp_9443")),
    broken: [`${ORDERS}/webhook/9443`],
  },
  {
    what: "no rule between two workloads",
    resources: without(rule("egress", "storefront_orders_tcp_8080")),
    broken: [`${ORDERS}/from/shop/Deployment/storefront/8080`],
  },
  {
    what: "a load balancer's rule for the group of another",
    resources: resource(rule("ingress", "alb_orders_tcp_8080"), {
      referenced_security_group_id: new Reference("aws_security_group.database"),
    }),
    broken: [`${ORDERS}/ingress/orders/8080`],
    told: ["dead-rule aws_vpc_security_group_ingress_rule.alb_orders_tcp_8080"],
  },
  {
    what: "nodes that may send nothing",
    resources: without(rule("egress", "nodes")),
    broken: [`${ORDERS}/readiness/8080`, "shop/Deployment/storefront/liveness/8081"],
  },
];
