/** The shell blocks of the pages, as their readers run them: in a clone, after what the page wrote before. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { blocksFor } from "../support/pages";
import { repository } from "./support/repository";
import { awsEnvironment, command, tryCommand } from "./support/terraform";

const { reason } = inject("aws");

describe.skipIf(reason)("docs/verify.md", () => {
  const [plan, known] = blocksFor("shell", "docs/verify.md");
  const folder = () => {
    const clone = repository();
    for (const { file, text } of blocksFor("walk", "docs/verify.md")) {
      if (file === undefined) continue;
      mkdirSync(dirname(join(clone, file)), { recursive: true });
      writeFileSync(join(clone, file), text);
    }
    cpSync(join(clone, "examples/faults/leak"), join(clone, "infra"), { recursive: true });
    return clone;
  };
  const env = () =>
    awsEnvironment({ TF_VAR_vpc_id: "vpc-0a1b2c3d", TF_VAR_node_security_group_id: "sg-0a1b2c3d" });
  const shell = (text = "") => ["-euo", "pipefail", "-c", text];

  beforeAll(() => expect(blocksFor("shell", "docs/verify.md")).toHaveLength(2));

  test("makes a plan and verifies it with its configuration", () => {
    const clone = folder();
    command(join(clone, "shop"), "terraform", ["init", "-no-color"], env());
    const said = command(clone, "bash", shell(plan?.text), env());
    expect(said).toContain("plan.json  (plan with its configuration, enforcing mode strict)");
    expect(said).toContain("Exit code 0");
  });

  test("writes down what is known, which then fails no more", () => {
    const clone = folder();
    tryCommand(clone, "bash", shell(known?.text), env());
    expect(existsSync(join(clone, "known.yaml"))).toBe(true);
    expect(readFileSync(join(clone, "known.yaml"), "utf8")).toContain("only-orders");
    expect(command(clone, "npm", ["run", "verify", "--", "infra", "--known", "known.yaml"], env())).toContain(
      "Exit code 0",
    );
  });
});
