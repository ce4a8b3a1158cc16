import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readInput, readPlanWithConfiguration } from "../../../verify/read";
import type { Input } from "../../../verify/read/model";
import { filesIn } from "../../support/folders";
import { addresses, folderWith, resource, shown } from "./support/configuration";

/** Recorded with Terraform 1.11.4 and hashicorp/aws 5.100.0; cut down to what matters here. */
const RECORDED = "__tests__/verify/read/recorded";
const MODULE = "module.rds_mysql";

/** The configuration of `plan.json`, `update.json` and `state.json`. */
function configuration(): string {
  return folderWith({
    ...filesIn("__tests__/e2e/fixtures/article"),
    "more.tf": readFileSync(`${RECORDED}/more.tf`, "utf8"),
  });
}

const value = (input: Input, address: string, argument: string) =>
  shown(resource(input, address).values[argument]);

describe("a plan alone", () => {
  const plan = () => readInput(`${RECORDED}/plan.json`);

  it("has values, actions and modules", async () => {
    const input = await plan();
    expect(input).toMatchObject({ kind: "plan", path: `${RECORDED}/plan.json`, notes: [] });
    expect(input.modules.map(({ address }) => address)).toEqual([MODULE]);
    expect(input.actions?.[`${MODULE}.aws_security_group.pods`]).toEqual(["create"]);
    expect(input.before).toEqual({});
    expect(resource(input, `${MODULE}.aws_security_group.pods`)).toMatchObject({
      module: MODULE,
      mode: "managed",
      type: "aws_security_group",
      name: "pods",
      values: { name: "orders-for-pods", tags: { Region: "eu-west-1" } },
    });
    expect(value(input, 'aws_vpc_security_group_ingress_rule.open["web"]', "from_port")).toBe(8080);
  });

  it("names the resource that an unknown id is of, where it is the only one", async () => {
    const input = await plan();
    const rule = `${MODULE}.aws_security_group_rule.pods_egress_to_rds`;
    expect(value(input, rule, "security_group_id")).toBe(`<${MODULE}.aws_security_group.pods.id>`);
    expect(value(input, rule, "source_security_group_id")).toBe(`<${MODULE}.aws_security_group.rds.id>`);
    expect(value(input, `${MODULE}.aws_security_group.pods`, "vpc_id")).toBe("<aws_vpc.cluster.id>");
  });

  it("does not know which item of a module's map it is", async () => {
    const rule = `${MODULE}.aws_security_group_rule.pods_egress_dns_tcp_to_worker_security_group`;
    expect(value(await plan(), rule, "source_security_group_id")).toBe(`<${rule}.source_security_group_id>`);
  });

  it("has no peer for a CIDR rule, though the plan calls it unknown", async () => {
    const rule = resource(await plan(), `${MODULE}.aws_security_group_rule.pods_egress_https_all`);
    expect(shown(rule.values)).toEqual({
      type: "egress",
      security_group_id: `<${MODULE}.aws_security_group.pods.id>`,
      cidr_blocks: ["0.0.0.0/0"],
      protocol: "tcp",
      from_port: 443,
      to_port: 443,
      self: false,
      description: "Egress: HTTPS",
    });
  });

  it("has the known parts of inline blocks, and none for a group without any", async () => {
    const input = await plan();
    expect(value(input, "aws_security_group.inline", "ingress")).toEqual([
      expect.objectContaining({ from_port: 80, cidr_blocks: ["10.0.0.0/8"], security_groups: [] }),
      expect.objectContaining({
        from_port: 443,
        // The one group that the blocks refer to; what else is in the list the plan does not say.
        security_groups: [
          "<aws_security_group.worker.id>",
          "<aws_security_group.inline.ingress[1].security_groups>",
        ],
      }),
    ]);
    expect(resource(input, "aws_security_group.worker").values).not.toHaveProperty("ingress");
  });

  it("has the data sources that were read", async () => {
    expect(resource(await plan(), `${MODULE}.data.aws_region.current`)).toMatchObject({
      mode: "data",
      values: { name: "eu-west-1" },
    });
  });

  it("evaluates expressions", async () => {
    const input = await plan();
    expect(shown(input.evaluate("aws_security_group.worker.id"))).toBe("<aws_security_group.worker.id>");
    expect(shown(input.evaluate("aws_security_group.pods.name", MODULE))).toBe("orders-for-pods");
    expect(shown(input.evaluate("var.name", MODULE))).toBe("orders");
    expect(shown(input.evaluate("data.aws_region.here.name"))).toBe("eu-west-1");
    expect(shown(input.evaluate('aws_vpc_security_group_ingress_rule.open["web"].to_port'))).toBe(8080);
    expect(shown(input.evaluate("var.security_groups.k8s_worker", MODULE))).toBe(
      `<${MODULE}.var.security_groups["k8s_worker"]>`,
    );
  });

  it("is the same from standard input", async () => {
    const input = await readInput("-", { stdin: readFileSync(`${RECORDED}/plan.json`, "utf8") });
    expect(input).toMatchObject({ kind: "plan", path: "-" });
    expect(addresses(input)).toEqual(addresses(await plan()));
    expect(input.resources[0]?.source).toEqual({ file: "-" });
  });

  it("says when it is errored or not complete, and does not mind keys that it does not know", async () => {
    const recorded = JSON.parse(readFileSync(`${RECORDED}/plan.json`, "utf8")) as object;
    const stdin = JSON.stringify({
      ...recorded,
      errored: true,
      complete: false,
      later: {},
      format_version: "1.99",
    });
    const { notes } = await readInput("-", { stdin });
    expect(notes).toEqual([expect.stringContaining("errored"), expect.stringContaining("not complete")]);
  });
});

describe("a plan with its configuration", () => {
  it("has what the configuration alone has, and the plan's values", async () => {
    const folder = configuration();
    const input = await readPlanWithConfiguration(`${RECORDED}/plan.json`, folder);
    const alone = await readInput(folder);
    expect(input).toMatchObject({ kind: "plan", path: `${RECORDED}/plan.json`, notes: [] });

    for (const { address, type, values } of input.resources) {
      if (!type.includes("security_group")) continue;
      const given = resource(alone, address).values;
      for (const argument of Object.keys(given).filter((name) => name !== "ingress" && name !== "tags")) {
        expect(shown(values[argument]), `${address}.${argument}`).toEqual(shown(given[argument]));
      }
    }
    expect(input.actions?.["aws_security_group.worker"]).toEqual(["create"]);
  });

  it("takes references from the configuration and keeps the plan's values beside them", async () => {
    const input = await readPlanWithConfiguration(`${RECORDED}/plan.json`, configuration());
    const rule = `${MODULE}.aws_security_group_rule.pods_egress_dns_tcp_to_worker_security_group`;
    expect(value(input, rule, "source_security_group_id")).toBe("<aws_security_group.worker.id>");
    expect(resource(input, rule).source).toMatchObject({
      file: expect.stringMatching(/main\.tf$/),
      line: 99,
    });
    expect(value(input, "aws_instance.node", "vpc_security_group_ids")).toEqual([
      "<aws_security_group.worker.id>",
    ]);
    expect(value(input, `${MODULE}.aws_security_group.pods`, "tags")).toMatchObject({ Region: "eu-west-1" });
    expect(value(input, "aws_security_group.inline", "ingress")).toEqual([
      expect.objectContaining({ from_port: 80, security_groups: [] }),
      expect.objectContaining({ from_port: 443, security_groups: ["<aws_security_group.worker.id>"] }),
    ]);
    expect(shown(input.evaluate('var.security_groups["k8s_worker"]', MODULE))).toBe(
      "<aws_security_group.worker.id>",
    );
  });

  it("has the values of variables and of dynamic blocks from the plan", async () => {
    const input = await readPlanWithConfiguration(`${RECORDED}/dynamic/plan.json`, `${RECORDED}/dynamic`);
    expect(value(input, "aws_security_group.d", "ingress")).toEqual(
      [443, 80].map((port) =>
        expect.objectContaining({
          from_port: port,
          to_port: port,
          security_groups: ["<aws_security_group.w.id>"],
        }),
      ),
    );
    expect(value(input, "aws_launch_template.lt", "network_interfaces")).toEqual([
      expect.objectContaining({ security_groups: ["<aws_security_group.w.id>"] }),
    ]);
    expect(input.evaluate("var.ports")).toEqual([80, 443]);
  });

  it("of groups that exist names them by their ids, and leaves out the rules before apply", async () => {
    const input = await readPlanWithConfiguration(`${RECORDED}/update.json`, configuration());
    const worker = resource(input, "aws_security_group.worker");
    expect(worker.values["id"]).toMatch(/^sg-/);
    expect(worker.values).not.toHaveProperty("ingress");
    const rule = 'aws_vpc_security_group_ingress_rule.open["admin"]';
    expect(value(input, rule, "security_group_id")).toBe(worker.values["id"]);
    expect(shown(input.evaluate("aws_security_group.worker.id"))).toBe(worker.values["id"]);
    expect(value(input, rule, "from_port")).toBe(8444);
    expect(input.before?.[rule]).toMatchObject({ from_port: 8443 });
    expect(input.actions?.[rule]).toEqual(["update"]);
  });

  it("notes what the configuration does not declare", async () => {
    const input = await readPlanWithConfiguration(`${RECORDED}/plan.json`, `${RECORDED}/dynamic`);
    expect(input.notes).toContainEqual(
      expect.stringMatching(/^aws_security_group\.worker: it is in the plan and not in .*dynamic/),
    );
  });
});

it("leaves the live rules of a group out of a plan that changes rules of it, and says so", async () => {
  const input = await readInput(`${RECORDED}/update.json`);
  expect(resource(input, "aws_security_group.worker").values).not.toHaveProperty("ingress");
  expect(input.notes).toEqual([
    expect.stringMatching(/^aws_security_group\.worker: its ingress rules .* before apply/),
  ]);
  expect(value(input, `${MODULE}.aws_security_group.pods`, "egress")).toHaveLength(5);
});

describe("a state", () => {
  it("has all values", async () => {
    const input = await readInput(`${RECORDED}/state.json`);
    expect(input).toMatchObject({ kind: "state", notes: [] });
    expect(input.actions).toBeUndefined();
    const pods = resource(input, `${MODULE}.aws_security_group.pods`);
    expect(pods.values["id"]).toMatch(/^sg-/);
    expect(value(input, `${MODULE}.aws_security_group_rule.pods_egress_to_rds`, "security_group_id")).toBe(
      pods.values["id"],
    );
    expect(value(input, "aws_security_group.inline", "ingress")).toContainEqual(
      expect.objectContaining({ from_port: 443, security_groups: [expect.stringMatching(/^sg-/)] }),
    );
    expect(shown(input.evaluate("aws_security_group.pods.id", MODULE))).toBe(pods.values["id"]);
  });

  it("has names for what is in a module, by absolute addresses", async () => {
    const resource = (address: string, type: string, mode: string, values: object) => ({
      ...{ address, mode, type, name: "x", values },
    });
    const cluster = resource('module.a["p/q"].data.aws_eks_cluster.x', "aws_eks_cluster", "data", {
      vpc_config: [{ cluster_security_group_id: "sg-0c" }],
    });
    const group = resource('module.a["p/q"].aws_security_group.x', "aws_security_group", "managed", {
      id: "sg-0a",
    });
    const state = {
      format_version: "1.0",
      values: {
        root_module: { child_modules: [{ address: 'module.a["p/q"]', resources: [cluster, group] }] },
      },
    };
    const input = await readInput("-", { stdin: JSON.stringify(state) });
    const evaluated = (expression: string) => shown(input.evaluate(expression));
    expect(evaluated('module.a["p/q"].data.aws_eks_cluster.x.vpc_config[0].cluster_security_group_id')).toBe(
      "sg-0c",
    );
    expect(evaluated('module.a["p/q"].aws_security_group.x.id')).toBe("sg-0a");
    expect(evaluated('module.a["p/q"].group_id')).toBe('<module.a["p/q"].group_id>');
  });

  it("may be empty", async () => {
    const input = await readInput("-", { stdin: '{"format_version": "1.0"}' });
    expect(input).toMatchObject({ kind: "state", resources: [] });
  });
});
