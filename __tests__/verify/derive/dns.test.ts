import { describe, expect, test } from "vitest";
import type { Report } from "../../../verify/checks/model";
import {
  brokenOf,
  CLUSTER,
  deploymentOf,
  FORMS,
  groupsWith,
  idOf,
  judged,
  NODES,
  policyFor,
  type Rule,
  statuses,
  type Terraform,
  together,
} from "./support/estate";

/*
 * Whom pods with groups of their own ask for names, and which groups answer. The facts are those of EKS's documents on CoreDNS,
 * custom networking, Fargate and security groups for pods, and of Kubernetes's on DNS and on NodeLocal DNSCache.
 */

const APP = [policyFor("orders"), deploymentOf("orders")];
const ID = "shop/Deployment/orders/dns";

/** Both protocols, both halves. */
const between = (client: string, server: string): Rule[] =>
  ["udp", "tcp"].flatMap((protocol) => [
    `${client} egress ${protocol} 53 ${server}`,
    `${server} ingress ${protocol} 53 ${client}`,
  ]);

const dnsOf = (report: Report) =>
  Object.fromEntries(Object.entries(statuses(report)).filter(([id]) => id.includes("/dns")));

/** Holds with all rules, and breaks with any of them gone. */
async function needsEach(
  rules: readonly Rule[],
  estate: (rules: readonly Rule[]) => Promise<Report>,
  ids: readonly string[] = [ID],
) {
  expect(dnsOf(await estate(rules))).toStrictEqual(Object.fromEntries(ids.map((id) => [id, "holds"])));
  for (const rule of rules) {
    const report = await estate(rules.filter((other) => other !== rule));
    expect(brokenOf(report), rule).toHaveLength(1);
    // EKS's own group is declared elsewhere, and may have the rule.
    const isOfCluster = rule.startsWith("cluster");
    expect(report.verdicts.flatMap(({ cures }) => cures)).toHaveLength(isOfCluster ? 0 : 1);
  }
}

const nodeGroup = (more: object = {}) => ({ cluster_name: "${aws_eks_cluster.main.name}", ...more });
const from = (template: string, more: object = {}) =>
  nodeGroup({ launch_template: { id: `\${aws_launch_template.${template}.id}` }, ...more });
const template = (group: string) => ({ vpc_security_group_ids: [idOf(group)] });

describe("where the nodes answer, each node group that may run CoreDNS must", () => {
  test("their launch template names a group", () =>
    needsEach(between("orders", "nodes"), (rules) =>
      judged({ terraform: together(NODES, groupsWith(["orders", "nodes"], rules)), objects: APP }),
    ));

  test("they carry the group that EKS makes", () =>
    needsEach(between("orders", "cluster"), (rules) =>
      judged({
        terraform: together(
          CLUSTER,
          { aws_eks_node_group: { n: nodeGroup() } },
          groupsWith(["orders"], rules),
        ),
        objects: APP,
      }),
    ));

  test("rules at EKS's group open nothing where the nodes carry another", async () => {
    const rules = between("orders", "cluster");
    const report = await judged({
      terraform: together(NODES, groupsWith(["orders", "nodes"], rules)),
      objects: APP,
    });
    expect(dnsOf(report)).toStrictEqual({ [ID]: "broken" });
    const [broken] = report.verdicts.filter(({ status }) => status === "broken");
    expect(broken?.flow.to.groups).toStrictEqual(["aws_security_group.nodes"]);
  });

  const two = (more: object, rules: readonly Rule[], others: Terraform = {}) =>
    judged({
      terraform: together(
        NODES,
        {
          aws_launch_template: { batch: template("batch") },
          aws_eks_node_group: { batch: from("batch", more) },
        },
        groupsWith(["orders", "nodes", "batch"], rules),
        others,
      ),
      objects: APP,
    });
  const BOTH = [`${ID}/aws_security_group.nodes`, `${ID}/aws_security_group.batch`];

  test("two node groups with two groups need the rules of both", () =>
    needsEach(
      [...between("orders", "nodes"), ...between("orders", "batch")],
      (rules) => two({}, rules),
      BOTH,
    ));

  test("rules for one of two leave the other closed", async () => {
    expect(brokenOf(await two({}, between("orders", "nodes")))).toStrictEqual(BOTH.slice(1));
  });

  const taint = (key: string, effect = "NO_SCHEDULE", value = "x") => ({ taint: [{ key, value, effect }] });
  const settings = (values: object) => ({
    aws_eks_addon: {
      dns: { addon_name: "coredns", cluster_name: "main", configuration_values: JSON.stringify(values) },
    },
  });
  test.each<[what: string, more: object, addOn: Terraform, runsThere: boolean]>([
    ["a taint that CoreDNS does not tolerate", taint("gpu"), {}, false],
    ["such a taint that ends what runs", taint("gpu", "NO_EXECUTE"), {}, false],
    ["a taint that keeps nobody away", taint("gpu", "PREFER_NO_SCHEDULE"), {}, true],
    ["the taint that CoreDNS tolerates", taint("CriticalAddonsOnly"), {}, true],
    [
      "a taint that the add-on tolerates",
      taint("gpu"),
      settings({ tolerations: [{ operator: "Exists" }] }),
      true,
    ],
    [
      "a taint of another value than the add-on tolerates",
      taint("team"),
      settings({ tolerations: [{ key: "team", value: "y", effect: "NoSchedule" }] }),
      false,
    ],
    ["Windows", { ami_type: "WINDOWS_CORE_2022_x86_64" }, {}, false],
    ["labels that the add-on asks for elsewhere", {}, settings({ nodeSelector: { role: "system" } }), false],
  ])("a node group with %s", async (_, more, addOn, runsThere) => {
    const nodes = { aws_eks_node_group: { nodes: from("nodes", { labels: { role: "system" } }) } };
    const report = await two(more, between("orders", "nodes"), together(addOn, nodes));
    expect(dnsOf(report)).toStrictEqual(
      runsThere ? { [BOTH[0] as string]: "holds", [BOTH[1] as string]: "broken" } : { [ID]: "holds" },
    );
  });

  test("affinity that is not looked into leaves open which of two it is", async () => {
    const report = await two({}, [], settings({ affinity: { nodeAffinity: {} } }));
    expect(dnsOf(report)).toStrictEqual({});
    expect(report.notes.join("\n")).toMatch(
      /its DNS is not judged: on which nodes CoreDNS runs is not known/,
    );
  });
});

describe("pods of CoreDNS with a policy answer with its groups", () => {
  const labels = { "k8s-app": "kube-dns" };
  const policy = policyFor("dns", "kube-system", labels);
  const pods = deploymentOf("coredns", { dnsPolicy: "Default" }, "kube-system", {
    ...labels,
    "eks.amazonaws.com/component": "coredns",
  });
  test.each<[what: string, objects: readonly object[]]>([
    ["which the manifests show", [policy, pods]],
    ["which EKS installs", [policy]],
    [
      "by a label that EKS gives them",
      [policyFor("dns", "kube-system", { "eks.amazonaws.com/component": "coredns" })],
    ],
  ])("%s", (_, objects) =>
    needsEach(between("orders", "dns"), (rules) =>
      judged({
        terraform: together(NODES, groupsWith(["orders", "nodes", "dns"], rules)),
        objects: [...APP, ...objects],
      }),
    ),
  );

  test("a policy in kube-system that is for others leaves the nodes to answer", async () => {
    const other = policyFor("dns", "kube-system", { app: "controller" });
    const report = await judged({
      terraform: together(NODES, groupsWith(["orders", "nodes", "dns"], between("orders", "nodes"))),
      objects: [...APP, other],
    });
    expect(dnsOf(report)).toStrictEqual({ [ID]: "holds" });
  });

  test("a policy by the labels of a service account may be theirs", async () => {
    const byAccount = {
      ...policy,
      spec: {
        serviceAccountSelector: { matchLabels: { team: "a" } },
        securityGroups: { groupIds: ["${dns}"] },
      },
    };
    const report = await judged({
      terraform: together(NODES, groupsWith(["orders", "nodes", "dns"], [])),
      objects: [...APP, byAccount],
    });
    expect(dnsOf(report)).toStrictEqual({});
    expect(report.notes.join("\n")).toMatch(
      /whether kube-system\/SecurityGroupPolicy\/dns selects its pods is not known/,
    );
  });
});

const cni = (env: object, more: object = {}): Terraform => ({
  aws_eks_addon: {
    cni: {
      addon_name: "vpc-cni",
      cluster_name: "main",
      configuration_values: JSON.stringify({ env, ...more }),
    },
  },
});
const CUSTOM = { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: "true" };
const eniConfig = (name: string, groups?: readonly string[]) => ({
  apiVersion: "crd.k8s.amazonaws.com/v1alpha1",
  kind: "ENIConfig",
  metadata: { name },
  spec: { subnet: "subnet-1", ...(groups && { securityGroups: groups }) },
});

describe.each(FORMS)("custom networking with ENIConfigs of %s", (form) => {
  const GROUPS = ["orders", "nodes", "pods"];
  const estate = (rules: readonly Rule[], objects: readonly object[], settings = cni(CUSTOM)) =>
    judged(
      { terraform: together(NODES, settings, groupsWith(GROUPS, rules)), objects: [...APP, ...objects] },
      form,
    );

  test("CoreDNS carries the groups of the ENIConfig, and the nodes' own do not count", () =>
    needsEach(between("orders", "pods"), (rules) =>
      estate(rules, [eniConfig("eu-west-1a", ["${pods}"]), eniConfig("eu-west-1b", ["${pods}"])]),
    ));

  test("the kubelet still probes from the nodes' own interface", async () => {
    const probed = { containers: [{ name: "app", readinessProbe: { tcpSocket: { port: 8080 } } }] };
    const report = await judged(
      {
        terraform: together(
          NODES,
          cni(CUSTOM),
          groupsWith(GROUPS, ["orders ingress tcp 8080 nodes", "nodes egress tcp 8080 orders"]),
        ),
        objects: [policyFor("orders"), deploymentOf("orders", probed), eniConfig("eu-west-1a", ["${pods}"])],
      },
      form,
    );
    expect(statuses(report)).toMatchObject({ "shop/Deployment/orders/readiness/8080": "holds" });
  });

  test.each<[what: string, objects: readonly object[], settings: Terraform]>([
    ["an ENIConfig without groups, for which the CNI takes those of the node", [eniConfig("a")], cni(CUSTOM)],
    ["an ENIConfig that the CNI does not use", [eniConfig("a", ["${pods}"])], cni({})],
  ])("the nodes answer with %s", async (_, objects, settings) => {
    expect(dnsOf(await estate(between("orders", "nodes"), objects, settings))).toStrictEqual({
      [ID]: "holds",
    });
  });

  test.each<[what: string, objects: readonly object[], settings: Terraform, words: RegExp]>([
    [
      "no ENIConfig",
      [],
      cni(CUSTOM),
      /with custom networking it carries the groups of an ENIConfig, and the input shows none/,
    ],
    [
      "nothing that configures the CNI",
      [eniConfig("a", ["${pods}"])],
      {},
      /whether custom networking gives it the groups/,
    ],
  ])("nobody is judged with %s", async (_, objects, settings, words) => {
    const report = await estate([], objects, settings);
    expect(dnsOf(report)).toStrictEqual({});
    expect(report.notes.join("\n")).toMatch(words);
  });
});

test("ENIConfigs that the add-on makes of its values count as well", () =>
  needsEach(between("orders", "pods"), (rules) => {
    const subnets = { "eu-west-1a": { id: "subnet-1", securityGroups: ["sg-0a1b2c3d"] } };
    const pods = { aws_security_group: { pods: { name: "pods", vpc_id: "vpc-1", id: "sg-0a1b2c3d" } } };
    return judged({
      terraform: together(
        NODES,
        groupsWith(["orders", "nodes", "pods"], rules),
        pods,
        cni(CUSTOM, { eniConfig: { create: true, subnets } }),
      ),
      objects: APP,
    });
  }));

test("a placeholder in an ENIConfig stands for any group", async () => {
  const report = await judged({
    terraform: together(NODES, cni(CUSTOM), groupsWith(["orders", "nodes"], [])),
    objects: [...APP, eniConfig("a", ["<the group of the pods>"])],
  });
  expect(dnsOf(report)).toStrictEqual({});
  expect(report.notes.join("\n")).toMatch(
    /the group that <the group of the pods> of an ENIConfig stands for is not known/,
  );
});

const profile = (selector: object | readonly object[]): Terraform => ({
  aws_eks_fargate_profile: {
    f: { cluster_name: "${aws_eks_cluster.main.name}", fargate_profile_name: "f", selector },
  },
});

describe("on Fargate CoreDNS carries the group that EKS makes", () => {
  test.each<[what: string, selector: object]>([
    ["a namespace", { namespace: "kube-system" }],
    ["labels", { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } }],
    ["wildcards", { namespace: "kube-*", labels: { "k8s-???": "kube*" } }],
  ])("by %s", (_, selector) =>
    needsEach(between("orders", "cluster"), (rules) =>
      judged({
        terraform: together(CLUSTER, profile(selector), groupsWith(["orders"], rules)),
        objects: APP,
      }),
    ),
  );

  test.each<[what: string, selector: object]>([
    ["another namespace", { namespace: "batch" }],
    ["other labels", { namespace: "kube-system", labels: { "k8s-app": "metrics" } }],
  ])("a profile for %s asks nothing of it", async (_, selector) => {
    const report = await judged({
      terraform: together(
        NODES,
        profile(selector),
        groupsWith(["orders", "nodes"], between("orders", "nodes")),
      ),
      objects: APP,
    });
    expect(dnsOf(report)).toStrictEqual({ [ID]: "holds" });
  });

  test.each<[compute: string | undefined, needed: readonly string[]]>([
    ["Fargate", [ID]],
    ["ec2", [ID]],
    [
      undefined,
      [
        `${ID}/aws_security_group.nodes`,
        `${ID}/aws_eks_cluster.main.vpc_config[0].cluster_security_group_id`,
      ],
    ],
  ])("beside nodes, the add-on says where it runs: %s", async (computeType, needed) => {
    const addOn = {
      aws_eks_addon: {
        dns: { addon_name: "coredns", configuration_values: JSON.stringify({ computeType }) },
      },
    };
    const report = await judged({
      terraform: together(
        NODES,
        profile({ namespace: "kube-system" }),
        addOn,
        groupsWith(["orders", "nodes"], []),
      ),
      objects: APP,
    });
    expect(Object.keys(dnsOf(report))).toStrictEqual(needed);
    const [first] = report.verdicts.filter(({ flow }) => flow.id.name === ID);
    if (first) {
      expect(first.flow.to.groups[0]).toContain(
        computeType === "ec2" ? "nodes" : "cluster_security_group_id",
      );
    }
  });
});

test.each<[what: string, cluster: object, words: RegExp]>([
  [
    "a cluster in Auto Mode",
    { main: { name: "main", compute_config: { enabled: true } } },
    /in Auto Mode, EKS runs the cluster's DNS on the nodes by itself/,
  ],
  ["two clusters", { other: { name: "other" } }, /the input has several clusters/],
])("with %s it is not known who answers", async (_, aws_eks_cluster, words) => {
  const report = await judged({
    terraform: together(NODES, { aws_eks_cluster } as Terraform, groupsWith(["orders", "nodes"], [])),
    objects: APP,
  });
  expect(dnsOf(report)).toStrictEqual({});
  expect(report.notes.join("\n")).toMatch(words);
});

describe("dnsPolicy Default asks as the node does", () => {
  const vpc = { aws_vpc: { main: { cidr_block: "10.0.0.0/16" } } };
  const options = (servers: unknown, id = "${aws_vpc.main.id}"): Terraform => ({
    ...vpc,
    aws_vpc_dhcp_options: { it: { domain_name_servers: servers } },
    aws_vpc_dhcp_options_association: {
      it: { vpc_id: id, dhcp_options_id: "${aws_vpc_dhcp_options.it.id}" },
    },
  });
  const estate = (dhcp: Terraform, rules: readonly Rule[] = []) => {
    const groups = groupsWith(["orders", "nodes"], rules);
    const inVpc = { aws_security_group: { orders: { name: "orders", vpc_id: "${aws_vpc.main.id}" } } };
    return judged({
      terraform: together(NODES, groups, inVpc, dhcp),
      objects: [policyFor("orders"), deploymentOf("orders", { dnsPolicy: "Default" })],
    });
  };

  test("of resolvers that the VPC names, over both protocols", () =>
    needsEach(["orders egress udp 53 10.1.2.3/32", "orders egress tcp 53 10.1.2.3/32"], (rules) =>
      estate(options(["10.1.2.3", "AmazonProvidedDNS"]), rules),
    ));

  test("of each of them", async () => {
    expect(dnsOf(await estate(options(["10.1.2.3", "10.1.2.4"])))).toStrictEqual({
      [`${ID}/10.1.2.3/32`]: "broken",
      [`${ID}/10.1.2.4/32`]: "broken",
    });
  });

  test.each<[what: string, dhcp: Terraform]>([
    ["nothing is said of DHCP", vpc],
    ["the VPC's own resolver is named", options(["AmazonProvidedDNS"])],
    ["it is named by its addresses", options(["10.0.0.2", "169.254.169.253"])],
    [
      "another VPC names resolvers",
      together(options(["10.1.2.3"], "${aws_vpc.other.id}"), {
        aws_vpc: { other: { cidr_block: "10.2.0.0/16" } },
      }),
    ],
  ])("no group filters it where %s", async (_, dhcp) => {
    const report = await estate(dhcp);
    expect(dnsOf(report)).toStrictEqual({});
    expect(report.notes.join("\n")).not.toMatch(/DHCP/);
  });

  test.each<[what: string, dhcp: Terraform]>([
    ["the resolvers are not known", options("${var.resolvers}")],
    ["the VPC of the resolvers may be this one", options(["10.1.2.3"], "${var.vpc_id}")],
  ])("it is not judged where %s", async (_, dhcp) => {
    const report = await estate(together(dhcp, { variable: {} }));
    expect(dnsOf(report)).toStrictEqual({});
    expect(report.notes.join("\n")).toMatch(/which resolvers the DHCP options of its VPC name is not known/);
  });
});

describe.each(FORMS)("NodeLocal DNSCache of %s", (form) => {
  const cache = (localip: string) => ({
    kind: "DaemonSet",
    metadata: { name: "node-local-dns", namespace: "kube-system" },
    spec: {
      template: {
        metadata: { labels: { "k8s-app": "node-local-dns" } },
        spec: {
          hostNetwork: true,
          dnsPolicy: "Default",
          containers: [{ name: "node-cache", args: ["-localip", localip, "-conf", "/etc/Corefile"] }],
        },
      },
    },
  });
  const ALL = cache("169.254.20.10,172.20.0.10");
  const LINK_LOCAL = cache("169.254.20.10");
  const asking = (address: string) => ({ dnsPolicy: "None", dnsConfig: { nameservers: [address] } });
  const bootstrap = {
    aws_launch_template: {
      nodes: {
        ...template("nodes"),
        user_data: Buffer.from(
          "#!/bin/bash\n/etc/eks/bootstrap.sh main --dns-cluster-ip 169.254.20.10\n",
        ).toString("base64"),
      },
    },
  };
  const estate = (
    mode: "strict" | "standard",
    objects: readonly object[],
    spec: object = {},
    more: Terraform = {},
    rules = between("orders", "nodes"),
  ) =>
    judged(
      {
        terraform: together(NODES, more, groupsWith(["orders", "nodes"], rules)),
        objects: [policyFor("orders"), deploymentOf("orders", spec), ...objects],
        mode,
      },
      form,
    );
  const found = ({ findings }: Report) =>
    findings
      .filter(({ check }) => check === "node-local-dns-unreachable")
      .map(({ severity, about }) => [severity, about]);

  test.each<[what: string, objects: readonly object[], spec: object, more: Terraform]>([
    ["answers for all pods", [ALL], {}, {}],
    ["is where the kubelets send pods", [LINK_LOCAL], {}, bootstrap],
    ["is where the kubelets send pods, and is installed elsewhere", [], {}, bootstrap],
    ["is where a pod asks by itself", [LINK_LOCAL], asking("169.254.20.10"), {}],
  ])(
    "that %s is out of reach in strict mode, and needs no rule in standard mode",
    async (_, objects, spec, more) => {
      const strict = await estate("strict", objects, spec, more);
      expect(found(strict)).toHaveLength(1);
      expect(found(strict)[0]?.[0]).toBe("error");
      expect(dnsOf(strict)).toStrictEqual({});
      const standard = await estate("standard", objects, spec, more, []);
      expect(found(standard)).toStrictEqual([]);
      expect(dnsOf(standard)).toStrictEqual({});
    },
  );

  test.each<[what: string, objects: readonly object[], spec: object, more: Terraform]>([
    ["answers only at its own address, which nobody hands out", [LINK_LOCAL], {}, {}],
    ["does not run where the pods do, on Fargate", [ALL], {}, profile({ namespace: "shop" })],
  ])("that %s leaves CoreDNS to be asked", async (_, objects, spec, more) => {
    const report = await estate("strict", objects, spec, more);
    expect(found(report)).toStrictEqual([]);
    expect(dnsOf(report)).toStrictEqual({ [ID]: "holds" });
  });

  test("that says nothing of its addresses may answer for all", async () => {
    const silent = cache("");
    const report = await estate("strict", [silent]);
    expect(found(report)).toStrictEqual([]);
    expect(dnsOf(report)).toStrictEqual({});
    expect(report.notes.join("\n")).toMatch(
      /whether a cache on its node answers it \(NodeLocal DNSCache\) is not known/,
    );
  });
});
