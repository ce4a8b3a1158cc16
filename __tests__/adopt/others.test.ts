import { describe, expect, test } from "vitest";
import type { Json } from "../../io/json";
import { adoptedWith } from "./support/adopted";
import { listings, type Rule } from "./support/listings";
import { classic, group, ingress, resource, sg, state, VPC } from "./support/state";

const HTTPS: Rule = { id: "sgr-1", on: sg(1), ports: [443, 443], cidr: "10.0.0.0/8" };
const SHARED = "elbv2.k8s.aws/targetGroupBinding=shared";
const OF_CONTROLLER: Rule = {
  id: "sgr-2",
  on: sg(1),
  ports: [8080, 8080],
  group: sg(9),
  description: SHARED,
};
const OF_CIDR: Rule = {
  id: "sgr-2",
  on: sg(1),
  ports: [8080, 8080],
  cidr: "10.0.0.0/8",
  description: SHARED,
};
const MAKES_IT = "the load balancer controller makes it and takes it away";
const RESOURCE = resource(
  "aws_vpc_security_group_ingress_rule",
  "https",
  ingress("sgr-1", sg(1), { cidr_ipv4: "10.0.0.0/8" }),
);
const BLOCK: Json = {
  description: SHARED,
  protocol: "tcp",
  from_port: 8080,
  to_port: 8080,
  cidr_blocks: ["10.0.0.0/8"],
  ipv6_cidr_blocks: [],
  prefix_list_ids: [],
  security_groups: [],
  self: false,
};
const groupIn = (more: Json = {}) => resource("aws_security_group", "web", group(sg(1), "web", more));
const rootWith = (blocks = "") =>
  `resource "aws_security_group" "web" {\n  name = "web"\n  vpc_id = "${VPC}"\n${blocks}}\n`;

describe("rules that the load balancer controller makes on the groups of others are left to it, and nothing is missing", () => {
  test("in lists alone", async () => {
    const { status, stdout, calls } = await adoptedWith(
      listings({ [sg(1)]: "web" }, [HTTPS, OF_CONTROLLER]),
      ["groups.json", "rules.json", "--into", "out"],
    );
    expect(Object.keys(calls()["web"]?.["ingress"] as Json)).toStrictEqual(["tcp_443_from_10_0_0_0_8"]);
    expect(stdout).toContain(`left sgr-2: ingress TCP 8080 from ${sg(9)} on ${sg(1)}: ${MAKES_IT}\n`);
    expect(status).toBe(0);
  });

  test("in lists without the ids of rules, which such a rule does not need", async () => {
    const { "groups.json": groups } = listings({ [sg(1)]: "web" }, [OF_CONTROLLER]);
    const { status, calls } = await adoptedWith({ "groups.json": groups }, ["groups.json", "--into", "out"]);
    expect(calls()["web"]).not.toHaveProperty("ingress");
    expect(status).toBe(0);
  });

  test.each([
    ["with the folder", [".", "--import"]],
    ["in a state alone", []],
    ["with the folder, inside the state", ["."]],
  ])("where a state reports them, %s", async (_, more) => {
    const { status, stdout, calls } = await adoptedWith(
      { "state.json": state(groupIn({ ingress: [BLOCK] })), "main.tf": rootWith() },
      ["state.json", ...more, "--into", "out"],
    );
    expect(calls()["web"]).not.toHaveProperty("inline_ingress");
    expect(stdout).toContain(
      `left aws_security_group.web: its rule ingress TCP 8080 from 10.0.0.0/8: ${MAKES_IT}\n`,
    );
    expect(status).toBe(0);
  });

  test("beside a state they are said once", async () => {
    const { status, stdout } = await adoptedWith(
      {
        ...listings({ [sg(1)]: "web" }, [HTTPS, OF_CIDR]),
        "state.json": state(groupIn({ ingress: [BLOCK] }), RESOURCE),
      },
      ["state.json", "groups.json", "rules.json", "--into", "out"],
    );
    expect(stdout.match(/^left .*/gm)).toStrictEqual([expect.stringContaining(`left sgr-2: `)]);
    expect(status).toBe(0);
  });

  test("where a state has one as a resource, it stays under its address", async () => {
    const { status, stdout, calls, json } = await adoptedWith(
      {
        "state.json": state(
          groupIn(),
          RESOURCE,
          resource("aws_security_group_rule", "shared", classic(sg(1), { description: SHARED, self: true })),
          resource(
            "aws_security_group_rule",
            "other",
            classic(sg(8), { description: SHARED, source_security_group_id: sg(1) }),
          ),
        ),
      },
      ["state.json", "--into", "out", "--rules", "per-rule"],
    );
    expect(calls()["web"]).not.toHaveProperty("classic_rules");
    expect(stdout).toContain(`left aws_security_group_rule.shared: ${MAKES_IT}\n`);
    expect(stdout).toContain(`left aws_security_group_rule.other: ${MAKES_IT}\n`);
    expect(JSON.stringify(json("out/old-root/released.tf.json"))).not.toContain("aws_security_group_rule");
    expect(status).toBe(0);
  });

  test("blocks that have one are marked, and other forms leave it out", async () => {
    const files = {
      "state.json": state(
        groupIn({ ingress: [BLOCK, { ...BLOCK, description: "Web", from_port: 443, to_port: 443 }] }),
      ),
      "main.tf": rootWith(
        '  ingress {\n    protocol = "tcp"\n    from_port = 443\n    to_port = 443\n    cidr_blocks = ["10.0.0.0/8"]\n  }\n',
      ),
    };
    const kept = await adoptedWith(files, ["state.json", ".", "--into", "out"]);
    expect(kept.stdout).toContain(
      `mixed aws_security_group.web: its blocks have ingress tcp 8080 from 10.0.0.0/8, but ${MAKES_IT}`,
    );
    const apart = await adoptedWith(files, ["state.json", ".", "--into", "out", "--rules", "classic"]);
    expect(Object.keys(apart.calls()["web"]?.["classic_rules"] as Json)).toHaveLength(1);
    expect(apart.stdout).toContain(
      `note aws_security_group.web (${sg(1)}): ingress tcp 8080 from 10.0.0.0/8 is in no call: ${MAKES_IT}.`,
    );
  });

  test("blocks would remove one, so that its group gets none", async () => {
    const { status, stdout } = await adoptedWith(
      { "state.json": state(groupIn({ ingress: [BLOCK] }), RESOURCE), "main.tf": rootWith() },
      ["state.json", ".", "--into", "out", "--rules", "inline"],
    );
    expect(stdout).toContain(
      `cannot have blocks, because they would remove its rule ingress TCP 8080 from 10.0.0.0/8: ${MAKES_IT}.`,
    );
    expect(status).toBe(1);
  });
});

describe("blocks of one direction and resources of the other", () => {
  const EGRESS = {
    ...BLOCK,
    description: "",
    protocol: "-1",
    from_port: 0,
    to_port: 0,
    cidr_blocks: ["0.0.0.0/0"],
  };
  const blocks =
    '  egress {\n    protocol = "-1"\n    from_port = 0\n    to_port = 0\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n';

  test("take nothing from each other", async () => {
    const { status, stdout, calls } = await adoptedWith(
      { "state.json": state(groupIn({ egress: [EGRESS] }), RESOURCE), "main.tf": rootWith(blocks) },
      ["state.json", ".", "--into", "out"],
    );
    expect(stdout).not.toContain("mixed");
    expect(calls()["web"]).toMatchObject({ inline_egress: [{ protocol: "-1" }], ingress: { https: {} } });
    expect(status).toBe(0);
  });

  test("an empty list of blocks is one of a direction", async () => {
    const { stdout } = await adoptedWith(
      { "state.json": state(groupIn(), RESOURCE), "main.tf": rootWith("  ingress = []\n") },
      ["state.json", ".", "--into", "out"],
    );
    expect(stdout).toContain("mixed aws_security_group.web: its ingress rules have 2 forms");
  });
});
