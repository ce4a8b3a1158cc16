import { describe, expect, test } from "vitest";
import type { Json } from "../../io/json";
import { adoptedWith } from "./support/adopted";
import { listings } from "./support/listings";
import { group, ingress, resource, sg, state } from "./support/state";

/*
 * Which rules of a group are blocks of its configuration, which nobody else may have then.
 */

const HTTPS = { protocol: "tcp", from_port: 443, to_port: 443, cidr_blocks: ["10.0.0.0/8"] };

const adopted = (files: Readonly<Record<string, string>>, resources: Json[], words: string[] = []) =>
  adoptedWith({ "state.json": state(...resources), ...files }, [
    "state.json",
    ".",
    ...words,
    "--into",
    "out",
  ]);

describe("groups with for_each of which some have blocks", () => {
  const MAIN = `
resource "aws_security_group" "web" {
  for_each = { a = [443], b = [], c = [443] }
  name     = each.key
  dynamic "ingress" {
    for_each = each.value
    content {
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = ["10.0.0.0/8"]
    }
  }
}
`;

  test("have them, and the others have rules as resources", async () => {
    const { status, stdout, calls } = await adopted({ "main.tf": MAIN }, [
      resource("aws_security_group", "web", {
        a: group(sg(1), "a", { ingress: [HTTPS] }),
        b: group(sg(2), "b", { ingress: [HTTPS] }),
        c: group(sg(3), "c", { ingress: [HTTPS] }),
      }),
      resource(
        "aws_vpc_security_group_ingress_rule",
        "b",
        ingress("sgr-1", sg(2), { cidr_ipv4: "10.0.0.0/8" }),
      ),
    ]);
    expect(calls()["a"]).toMatchObject({ inline_ingress: [HTTPS] });
    expect(calls()["b"]).not.toHaveProperty("inline_ingress");
    expect(calls()["b"]).toHaveProperty("ingress");
    expect(calls()["c"]).toMatchObject({ inline_ingress: [HTTPS] });
    expect(stdout).not.toMatch(/left/i);
    expect(status).toBe(0);
  });
});

describe("a group of a module that was not fetched", () => {
  const FILES = {
    "main.tf": 'module "web" {\n  source  = "example/web/aws"\n  version = "1.0.0"\n}\n',
  };
  const RESOURCES = [
    resource("aws_security_group", "this", group(sg(1), "web", { ingress: [HTTPS] }), "module.web"),
  ];

  test("may have its rules as blocks: they are missing, and it is said how to tell", async () => {
    const { status, stdout } = await adopted(FILES, RESOURCES);
    expect(stdout).toContain(
      "LEFT module.web.aws_security_group.this: its rule ingress TCP 443 from 10.0.0.0/8 is in no resource of this state",
    );
    expect(stdout).toContain("terraform init");
    expect(status).toBe(3);
  });

  test("has no drift for that", async () => {
    const lists = listings({ [sg(1)]: "web" }, [
      { id: "sgr-1", on: sg(1), ports: [443, 443], cidr: "10.0.0.0/8" },
    ]);
    const { stdout } = await adopted({ ...FILES, ...lists }, RESOURCES, Object.keys(lists));
    expect(stdout).not.toContain("drift");
  });
});
