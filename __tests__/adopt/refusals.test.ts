import { describe, expect, test } from "vitest";
import type { Json } from "../../io/json";
import { adoptedWith } from "./support/adopted";
import { group, ingress, resource, sg, state } from "./support/state";

/*
 * Modules validate their variables, and Terraform would not plan a call with a value that they refuse: such a call is not written.
 */

const [PODS, NODES, PEER] = [1, 2, 3].map(sg) as [string, string, string];

const adopted = (...resources: Json[]) =>
  adoptedWith({ "state.json": state(...resources) }, ["state.json", "--into", "out"]);

/** Pods with DNS through the nodes, and further rules on their group. */
function pods(name: string, ...more: Json[]): Json[] {
  const dns = (["tcp", "udp"] as const).flatMap((protocol) => {
    const values = { ip_protocol: protocol, from_port: 53, to_port: 53 };
    return [
      resource(
        "aws_vpc_security_group_egress_rule",
        `dns_${protocol}`,
        ingress(`sgr-out-${protocol}`, PODS, { ...values, referenced_security_group_id: NODES }),
      ),
      resource(
        "aws_vpc_security_group_ingress_rule",
        `nodes_${protocol}`,
        ingress(`sgr-in-${protocol}`, NODES, { ...values, referenced_security_group_id: PODS }),
      ),
    ];
  });
  return [
    resource("aws_security_group", "pods", group(PODS, name)),
    resource("aws_security_group", "nodes", group(NODES, "eks-nodes")),
    ...dns,
    ...more,
  ];
}

describe("a group that the module made for it refuses", () => {
  const REFUSED: Readonly<Record<string, { estate: Json[]; reason: string }>> = {
    "by a name that is longer than the module's": {
      estate: pods(`${"orders-".repeat(30)}pods`),
      reason: "The group_name must have 1 to 200 characters",
    },
    "by a peer in another account": {
      estate: pods(
        "orders-pods",
        resource(
          "aws_vpc_security_group_ingress_rule",
          "partner",
          ingress("sgr-1", PODS, { referenced_security_group_id: `444455556666/${PEER}` }),
        ),
      ),
      reason: "The security_group_id of ingress_sources must be sg- and 8 or 17 hexadecimal digits.",
    },
  };

  test.each(Object.entries(REFUSED))("%s goes into the module for any, with the reason", async (_, one) => {
    const { status, stdout, calls } = await adopted(...one.estate);
    expect(stdout).toContain(`(not pod-group: ${one.reason}`);
    expect(Object.values(calls()).map(({ source }) => source)).toStrictEqual([
      "./modules/security-group",
      "./modules/security-group",
    ]);
    expect(status).toBe(0);
  });

  test("and one that it accepts goes into it", async () => {
    const { stdout } = await adopted(...pods("orders-pods"));
    expect(stdout).toContain("pod-group: 1 group, 4 rules");
  });
});

describe("a group that no module accepts", () => {
  test("is left with the module's own sentence, and its rules go with the group that they name", async () => {
    const { status, stdout, calls } = await adopted(
      resource("aws_security_group", "web", group(sg(1), "web")),
      resource("aws_security_group", "odd", group(sg(2), "odd", { description: "Wer hat's gemacht?" })),
      resource(
        "aws_vpc_security_group_ingress_rule",
        "from_web",
        ingress("sgr-1", sg(2), { referenced_security_group_id: sg(1) }),
      ),
    );
    expect(status).toBe(3);
    expect(stdout).toContain(
      "LEFT aws_security_group.odd: no module can hold it. The description may contain only characters that AWS allows",
    );
    expect(calls()).toMatchObject({ web: { ingress: { from_web: { security_group_id: sg(2) } } } });
    expect(Object.keys(calls())).toStrictEqual(["web"]);
  });
});
