import { parse } from "@cdktf/hcl2json";
import { describe, expect, it } from "vitest";
import type { RuleForm } from "../../../verify/inventory/model";
import { cureTerraform, cureWriter } from "../../../verify/report/cure-terraform";
import { group, report } from "./reports";

describe("a group in a module", () => {
  /** What is to be added for traffic from one group to another. */
  const cure = (from: string, to: string) =>
    cureTerraform(
      cureWriter(report({ groups: [group(from), group(to)] }))([
        {
          group: to,
          direction: "ingress",
          peer: { kind: "group", group: from },
          traffic: { protocol: "tcp", ports: { from: 443, to: 443 } },
          near: "pods",
          far: "web",
        },
      ]),
    ).join("\n");

  it.each(['module.w["a]b"]', 'module.w["a.b/c"]', 'module.w["a\\"]b"]', 'module.w["x"].module.y[0]'])(
    "is named as inside of %s where its id is no output",
    (module) => {
      const terraform = cure(`${module}.aws_security_group.web`, `${module}.aws_security_group.pods`);
      expect(terraform).toContain(" = aws_security_group.pods.id\n");
      expect(terraform).toContain(" = aws_security_group.web.id\n");
      expect(terraform).not.toContain("module.");
    },
  );
});

describe("a peer of which neither group nor addresses are known", () => {
  const key = "aws_security_group.web";
  const written = (form: RuleForm) =>
    cureWriter(report({ groups: [group(key, { forms: new Set([form]) })] }))([
      {
        group: key,
        direction: "ingress",
        peer: { kind: "unknown", expression: "office", candidates: [] },
        traffic: { protocol: "tcp", ports: { from: 443, to: 443 } },
        near: "web",
        far: "office",
      },
    ])[0]?.terraform;

  it.each([
    ["classic", "source_security_group_id = null # the group of office\n"],
    ["per-rule", "referenced_security_group_id = null # the group of office\n"],
    ["inline", "security_groups = [] # the group of office\n"],
  ] as const)("is left open in a rule that is %s, which can be parsed", async (form, argument) => {
    expect(written(form)).toContain(argument);
    await expect(parse("cure.tf", written(form) ?? "")).resolves.toBeDefined();
  });
});
