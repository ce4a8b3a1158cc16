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

test("lets the kubelet probe the pods: DISABLE_TCP_EARLY_DEMUX on the init container", () => {
  expect(patches["aws_vpc_cni_init"]).toStrictEqual({
    ...DAEMON_SET,
    init_container: "aws-vpc-cni-init",
    env: [{ name: "DISABLE_TCP_EARLY_DEMUX", value: "true" }],
    field_manager: expect.any(String),
  });
});

test("has a field manager for each patch: with a shared one they erase each other", () => {
  const managers = Object.values(patches).map((patch) => patch["field_manager"]);
  expect(new Set(managers).size).toBe(2);
});
