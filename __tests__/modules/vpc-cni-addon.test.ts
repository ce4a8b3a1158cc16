import { expect, test } from "vitest";
import { committedStack } from "../support/project";

const module = committedStack("vpc-cni-addon");

test("is the cluster's add-on, with everything in its configuration", () => {
  expect(module.resource).toStrictEqual({
    aws_eks_addon: {
      vpc_cni: {
        cluster_name: "${var.cluster_name}",
        addon_name: "vpc-cni",
        addon_version: "${var.addon_version}",
        configuration_values: "${jsonencode(local.configuration)}",
        resolve_conflicts_on_create: "${var.resolve_conflicts_on_create}",
        resolve_conflicts_on_update: "${var.resolve_conflicts_on_update}",
        preserve: "${var.preserve}",
        service_account_role_arn: "${var.service_account_role_arn}",
        tags: "${var.tags}",
      },
    },
  });
});

test("sets the same variables as the patch does, in the add-on's keys", () => {
  expect(module.locals["configuration"]).toStrictEqual({
    env: '${merge({ ENABLE_POD_ENI = "true" }, local.aws_node_settings)}',
    init: {
      env: '${merge({ DISABLE_TCP_EARLY_DEMUX = var.enforcing_mode == "strict" ? "true" : "false" }, var.init_env)}',
    },
  });
  expect(module.locals["aws_node_settings"]).toBe(committedStack("vpc-cni").locals["aws_node_settings"]);
});

test("overwrites by default, and leaves the CNI behind when it is destroyed", () => {
  const defaults = Object.fromEntries(
    Object.entries(module.variable).map(([name, variable]) => [name, variable["default"]]),
  );
  expect(defaults).toMatchObject({
    enforcing_mode: "strict",
    addon_version: null,
    resolve_conflicts_on_create: "OVERWRITE",
    resolve_conflicts_on_update: "OVERWRITE",
    preserve: true,
    tags: {},
  });
});
