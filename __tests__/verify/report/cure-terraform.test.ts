import { describe, expect, it } from "vitest";
import type { Group } from "../../../verify/inventory/model";
import { cureTerraform } from "../../../verify/report/cure-terraform";

const declared = (key: string): [string, Group] => [
  key,
  {
    key,
    label: key,
    knowledge: "all",
    tags: {},
    forms: new Set(),
    roles: new Set(),
    declaredAt: { file: "main.tf" },
  },
];

/** What is to be added for traffic from one group to another. */
function cure(from: string, to: string): string {
  return cureTerraform(new Map([declared(from), declared(to)]), {
    group: to,
    direction: "ingress",
    peer: { kind: "group", group: from },
    traffic: { protocol: "tcp", ports: { from: 443, to: 443 } },
    near: "pods",
    far: "web",
  });
}

describe("a group in a module", () => {
  it.each(['module.w["a]b"]', 'module.w["a.b/c"]', 'module.w["a\\"]b"]', 'module.w["x"].module.y[0]'])(
    "is named as inside of %s",
    (module) => {
      const terraform = cure(`${module}.aws_security_group.web`, `${module}.aws_security_group.pods`);
      expect(terraform).toContain(" = aws_security_group.pods.id\n");
      expect(terraform).toContain(" = aws_security_group.web.id\n");
      expect(terraform).not.toContain("module.");
    },
  );
});
