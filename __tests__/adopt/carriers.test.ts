import { describe, expect, test } from "vitest";
import type { Json } from "../../io/json";
import { adoptedWith } from "./support/adopted";
import { listings } from "./support/listings";
import { group, resource, sg, state } from "./support/state";

let count = 0;

/** An interface as describe-network-interfaces lists it. */
function listed(groups: readonly string[], more: Json): Json {
  count += 1;
  return {
    NetworkInterfaceId: `eni-${count}`,
    InterfaceType: "interface",
    Description: "",
    Status: "in-use",
    Groups: groups.map((GroupId) => ({ GroupId, GroupName: "x" })),
    TagSet: [],
    ...more,
  };
}

const on = (InstanceId: string, InstanceOwnerId = "111122223333") => ({
  Attachment: { InstanceId, InstanceOwnerId, DeviceIndex: 0 },
});

describe("who carries a group", () => {
  test.each<[string, string, Json]>([
    ["pods", "by branch interfaces", { InterfaceType: "branch", Description: "aws-k8s-branch-eni" }],
    ["nodes", "by trunk interfaces", { InterfaceType: "trunk", ...on("i-1") }],
    ["nodes", "by the CNI's interfaces", { Description: "aws-K8S-i-0a1b", ...on("i-1") }],
    ["control-plane", "by EKS's description", { Description: "Amazon EKS main", RequesterId: "123" }],
    ["database", "by RDS's description", { Description: "RDSNetworkInterface", RequesterId: "amazon-rds" }],
    ["load-balancer", "by its description", { Description: "ELB app/web/1", RequesterId: "amazon-elb" }],
    ["load-balancer", "by its type", { InterfaceType: "network_load_balancer" }],
    ["cache", "by its requester", { RequesterId: "amazon-elasticache" }],
    ["compute", "by its type", { InterfaceType: "lambda", Description: "AWS Lambda VPC ENI-x-1" }],
    ["endpoint", "by its type", { InterfaceType: "vpc_endpoint" }],
    ["data-service", "by its description", { Description: "EFS mount target for fs-1 (fsmt-1)" }],
    ["instance", "where nothing says more", on("i-1")],
  ])("%s, %s", async (role, _, more) => {
    const { json } = await adoptedWith(
      {
        "state.json": state(resource("aws_security_group", "a", group(sg(1), "a"))),
        "interfaces.json": JSON.stringify({ NetworkInterfaces: [listed([sg(1)], more)] }),
      },
      ["state.json", "interfaces.json", "--into", "out"],
    );
    expect(json("out/adoption.json")).toMatchObject({
      calls: [{ takes: [{ carriers: { roles: [role], resources: [], interfaces: 1 } }] }],
    });
  });

  test("the first interface of an instance is the nodes' where another one of it is", async () => {
    const { written } = await adoptedWith(
      {
        ...listings({ [sg(1)]: "a", [sg(2)]: "b" }, []),
        "interfaces.json": JSON.stringify([
          listed([sg(1)], on("i-1")),
          listed([sg(2)], { Description: "aws-K8S-i-1", ...on("i-1") }),
        ]),
      },
      ["groups.json", "interfaces.json", "--into", "out"],
    );
    expect(written["out/adoption.md"]).toContain(`| \`module.a\` | \`${sg(1)}\` | 1 interface (nodes) |`);
  });

  test("attachments of the state count, the least carried comes first, and nothing is interrupted", async () => {
    const { written, json } = await adoptedWith(
      {
        "state.json": state(
          resource("aws_security_group", "db", group(sg(1), "db")),
          resource("aws_security_group", "idle", group(sg(2), "idle")),
          resource("aws_db_instance", "db", {
            id: "db",
            password: "CANARY",
            vpc_security_group_ids: [sg(1)],
          }),
        ),
      },
      ["state.json", "--into", "out"],
    );
    expect(json("out/adoption.json")["calls"]).toMatchObject([
      {
        call: "module.db",
        takes: [{ carriers: { roles: ["database"], resources: ["aws_db_instance.db"] } }],
      },
      { call: "module.idle" },
    ]);
    const page = written["out/adoption.md"] ?? "";
    expect(page).toContain("Nothing is interrupted");
    expect(page).toContain(
      "| `module.idle` | `aws_security_group.idle` | nothing shows it |\n| `module.db` | `aws_security_group.db` | aws_db_instance.db (database) |",
    );
    expect(page.indexOf("### module.idle")).toBeLessThan(page.indexOf("### module.db"));
    expect(page).not.toContain("CANARY");
  });

  test("secrets of the lists: no output has anything but groups, rules and attachments", async () => {
    const secret = "CANARY-7f3a";
    const lists = listings(
      { [sg(1)]: "a" },
      [{ id: "sgr-1", on: sg(1), ports: [1, 1], cidr: "10.0.0.0/8" }],
      {
        [sg(1)]: { Secret: secret },
      },
    );
    const { status, stdout, written } = await adoptedWith(
      {
        ...lists,
        "interfaces.json": JSON.stringify({
          ResponseMetadata: { Id: secret },
          NetworkInterfaces: [
            listed([sg(1)], {
              Description: secret,
              RequesterId: secret,
              PrivateDnsName: secret,
              TagSet: [{ Key: secret, Value: secret }],
              Attachment: { InstanceId: secret, InstanceOwnerId: secret },
            }),
          ],
        }),
      },
      [...Object.keys(lists), "interfaces.json", "--into", "out"],
    );
    expect(status).toBe(0);
    for (const [path, text] of [...Object.entries(written), ["standard output", stdout] as const])
      if (!/^\w+\.json$/.test(path)) expect(text, path).not.toContain(secret);
  });
});
