import { expect, test } from "vitest";
import { committedStack } from "../support/project";

const patches = committedStack("vpc-cni").resource["kubernetes_env"] ?? {};

const DAEMON_SET = {
  api_version: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "aws-node", namespace: "kube-system" },
  force: true,
};

test("gives the nodes a trunk interface: ENABLE_POD_ENI on the container", () => {
  expect(patches["aws_node"]).toStrictEqual({
    ...DAEMON_SET,
    container: "aws-node",
    env: [{ name: "ENABLE_POD_ENI", value: "true" }],
    field_manager: expect.any(String),
  });
});

test("lets the kubelet probe the pods in the mode strict: DISABLE_TCP_EARLY_DEMUX on the init container", () => {
  expect(patches["aws_vpc_cni_init"]).toStrictEqual({
    ...DAEMON_SET,
    init_container: "aws-vpc-cni-init",
    env: [{ name: "DISABLE_TCP_EARLY_DEMUX", value: '${var.enforcing_mode == "strict" ? "true" : "false"}' }],
    field_manager: expect.any(String),
  });
});

test.each([
  ["aws_node_settings", { container: "aws-node" }, "${local.aws_node_settings}"],
  ["aws_vpc_cni_init_settings", { init_container: "aws-vpc-cni-init" }, "${var.init_env}"],
])("writes every further setting by a patch of its own: %s", (name, container, settings) => {
  expect(patches[name]).toStrictEqual({
    ...DAEMON_SET,
    ...container,
    for_each: settings,
    env: [{ name: "${each.key}", value: "${each.value}" }],
    field_manager: expect.stringMatching(/-\$\{each\.key\}$/),
  });
});

test("has a field manager for each patch: with a shared one they erase each other", () => {
  const managers = Object.values(patches).map((patch) => patch["field_manager"]);
  expect(managers.length).toBe(4);
  expect(new Set(managers).size).toBe(4);
});

test("is strict by default, as the article is, and writes nothing else that is not asked for", () => {
  const defaults = Object.fromEntries(
    Object.entries(committedStack("vpc-cni").variable).map(([name, variable]) => [name, variable["default"]]),
  );
  expect(defaults).toStrictEqual({ enforcing_mode: "strict", external_snat: null, env: {}, init_env: {} });
});
