import { describe, expect, test } from "vitest";
import type { Json } from "../../io/json";
import { adoptedWith } from "./support/adopted";
import { listings } from "./support/listings";
import { group, ingress, resource, sg, state } from "./support/state";

/*
 * What `lifecycle` says of a group or a rule, and what a state says of an object's life.
 */

const adopted = (main: string, resources: Json[], more: Readonly<Record<string, string>> = {}) =>
  adoptedWith({ "state.json": state(...resources), "main.tf": main, ...more }, [
    "state.json",
    ".",
    ...Object.keys(more),
    "--into",
    "out",
  ]);

const block = (port: number) => ({
  protocol: "tcp",
  from_port: port,
  to_port: port,
  cidr_blocks: ["10.0.0.0/8"],
});

describe("blocks of rules whose changes are ignored", () => {
  const configuration = (ignored: string) => `
resource "aws_security_group" "web" {
  name = "web"
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/8"]
  }
  lifecycle {
    ignore_changes = ${ignored}
  }
}
`;
  const web = resource(
    "aws_security_group",
    "web",
    group(sg(1), "web", { ingress: [block(443), block(80)] }),
  );

  test.each(["[ingress]", "all"])(
    "%s: the call has no blocks, which would take away what others add, and each rule is named",
    async (ignored) => {
      const { status, stdout, calls } = await adopted(configuration(ignored), [web]);
      expect(status).toBe(0);
      expect(calls()["web"]).not.toHaveProperty("inline_ingress");
      for (const port of [80, 443])
        expect(stdout).toContain(
          `left aws_security_group.web: its rule ingress TCP ${port} from 10.0.0.0/8 is left to others by ignore_changes`,
        );
    },
  );

  test("what others added since then is no drift", async () => {
    const on = sg(1);
    const lists = listings(
      { [on]: "web" },
      [80, 443, 8080].map((port) => ({ id: `sgr-${port}`, on, ports: [port, port], cidr: "10.0.0.0/8" })),
    );
    const { status, stdout } = await adopted(configuration("[ingress]"), [web], lists);
    expect(stdout).not.toContain("drift");
    expect(status).toBe(0);
  });
});

describe("what modules have not", () => {
  test("is said of each object: prevent_destroy, and what Terraform ignored so far", async () => {
    const { stdout, written, json } = await adopted(
      `
resource "aws_security_group" "web" {
  name = "web"
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [tags["Owner"], description]
  }
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.web.id
  lifecycle {
    ignore_changes = all
  }
}

resource "aws_vpc_security_group_ingress_rule" "http" {
  security_group_id = aws_security_group.web.id
}
`,
      [
        resource("aws_security_group", "web", group(sg(1), "web")),
        resource(
          "aws_vpc_security_group_ingress_rule",
          "https",
          ingress("sgr-1", sg(1), { cidr_ipv4: "10.0.0.0/8" }),
        ),
        resource(
          "aws_vpc_security_group_ingress_rule",
          "http",
          ingress("sgr-2", sg(1), { cidr_ipv4: "10.0.0.0/8", from_port: 80, to_port: 80 }),
        ),
      ],
    );
    const lost = [
      ["aws_security_group.web", "prevent_destroy = true"],
      ["aws_security_group.web", 'ignore_changes = [tags["Owner"]]'],
      ["aws_vpc_security_group_ingress_rule.https", "ignore_changes = all"],
    ];
    expect(stdout.match(/^note .*/gm)).toStrictEqual(
      lost.map(([address, words]) => `note ${address}: ${words} no longer holds, modules have no lifecycle`),
    );
    expect(json("out/adoption.json")["lost"]).toMatchObject(
      lost.map(([from, lifecycle]) => ({ from, lifecycle })),
    );
    expect(written["out/adoption.md"]).toContain("## What no longer holds");
  });
});

describe("a tainted object", () => {
  const tainted = ({ instances, ...rest }: Json): Json => ({
    ...rest,
    instances: (instances as Json[]).map((one) => ({ ...one, status: "tainted" })),
  });

  test("is replaced by the next apply wherever it is: nothing is written, and what to do is said", async () => {
    const { status, stderr, written } = await adopted("", [
      tainted(resource("aws_security_group", "web", { a: group(sg(1), "web") })),
    ]);
    expect(status).toBe(2);
    expect(stderr).toContain('the next apply replaces aws_security_group.web["a"] (tainted)');
    expect(stderr).toContain(`terraform untaint 'aws_security_group.web["a"]'`);
    expect(Object.keys(written).filter((path) => path.startsWith("out"))).toStrictEqual([]);
  });

  test("of another kind matters to nobody here", async () => {
    const { status } = await adopted("", [
      resource("aws_security_group", "web", group(sg(1), "web")),
      tainted(resource("aws_instance", "web", { id: "i-1" })),
    ]);
    expect(status).toBe(0);
  });
});
