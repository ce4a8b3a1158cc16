import { describe, expect, test } from "vitest";
import type { Report } from "../../../verify/checks/model";
import type { WorkloadRow } from "../../../verify/derive/model";
import type { Verdict } from "../../../verify/judge/model";
import { FORMATS, type Format, render } from "../../../verify/report";
import { endpoint, flow, group, report, tcp, verdict } from "./reports";

const GROUP = "aws_security_group.orders";

function row(name: string, more: Partial<WorkloadRow> = {}): WorkloadRow {
  return {
    name: `Deployment shop/${name}`,
    address: `shop/Deployment/${name}`,
    source: { file: "k8s/all.yaml", line: 3 },
    policies: [{ address: `shop/SecurityGroupPolicy/${name}`, name }],
    carries: "own",
    groups: [GROUP],
    flows: [`shop/Deployment/${name}/readiness/8080`],
    closedServices: [],
    ...more,
  };
}

function needed(name: string, status: Verdict["status"]): Verdict {
  const [from, to] = [endpoint("nodes", ["aws_security_group.nodes"]), endpoint(name, [GROUP])];
  const origins = [{ words: `Deployment shop/${name}, readinessProbe`, source: { file: "k8s/all.yaml" } }];
  const id = `shop/Deployment/${name}/readiness/8080`;
  return verdict(
    { ...flow(id, "allow", from, to, [tcp(8080)]), id: { module: "", name: id }, origins },
    status,
  );
}

function estate(
  rows: readonly WorkloadRow[],
  verdicts: readonly Verdict[],
  more: Partial<Report> = {},
): Report {
  return report({
    path: "infra",
    groups: [group(GROUP), group("aws_security_group.nodes")],
    workloads: { rows, idlePolicies: [] },
    verdicts,
    ...more,
  });
}

const shown = (one: Report, format: Format = "text", options: object = {}) =>
  render([one], format, { color: false, ...options });

const ONNODE = { carries: "node", policies: [], groups: [], flows: [] } as const;

describe("the workloads come first, as a table", () => {
  const rows = [
    row("cart"),
    row("orders"),
    row("web", ONNODE),
    row("reports", { ...ONNODE, closedServices: ["aws_db_instance.db"] }),
    row("mail", { carries: "unknown", groups: [], flows: [] }),
  ];
  const troubled = estate(rows, [needed("orders", "broken"), needed("cart", "holds")], {
    workloads: { rows, idlePolicies: ["shop/SecurityGroupPolicy/old"] },
  });

  test("with what is broken and what is not known, the rest as a number", () => {
    expect(shown(troubled, "text", { width: 140 })).toContain(`
Workloads
            Workload                 Policy  Security groups            What it needs
  BROKEN    Deployment shop/orders   orders  ${GROUP}  1 flow: 1 broken
  BROKEN    Deployment shop/reports  none    none                       has no policy, and aws_db_instance.db allows only pods that have one
`);
    expect(shown(troubled, "text", { width: 140 })).toContain(
      "unknown   Deployment shop/mail     mail    not known                  not judged\n" +
        "  Besides: 1 workload with its own security groups, 1 workload with those of the node, in which nothing is broken; --all shows them.\n" +
        "  No workload here is selected by shop/SecurityGroupPolicy/old.\n",
    );
  });

  test("all of them where all are wanted", () => {
    const text = shown(troubled, "text", { width: 140, all: true });
    expect(text).toMatch(
      /^ {2}holds {5}Deployment shop\/cart +cart +aws_security_group\.orders +1 flow: 1 holds$/m,
    );
    expect(text).toMatch(/^ {2}node {6}Deployment shop\/web +none +none +keeps the groups of its node$/m);
    expect(text).not.toContain("--all");
  });

  test("below each other where the screen is narrow, and no line is longer than it", () => {
    const lines = shown(troubled, "text", { width: 60, all: true }).split("\n");
    expect(lines).toContain("  BROKEN    Deployment shop/orders");
    expect(lines).toContain(`              groups  ${GROUP}`);
    const table = lines.slice(lines.indexOf("Workloads"), lines.indexOf("Broken flows that workloads need"));
    expect(table.filter((line) => line.length > 60)).toStrictEqual([]);
  });

  test("in a healthy input they are one line", () => {
    const healthy = estate([row("cart"), row("web", ONNODE)], [needed("cart", "holds")]);
    expect(shown(healthy)).toContain(
      "\nWorkloads\n  1 workload with its own security groups, 1 workload with those of the node.\n",
    );
  });

  test("what is known is counted with the rest", () => {
    const known = {
      file: "known.yaml",
      findings: [],
      flows: new Set(["shop/Deployment/orders/readiness/8080"]),
      gone: [],
    };
    const text = shown(estate([row("orders")], [needed("orders", "broken")], { known }));
    expect(text).toContain("Workloads\n  1 workload with its own security groups");
  });

  test("in a comment they are a table, too", () => {
    const text = shown(troubled, "markdown");
    expect(text).toContain("#### Workloads beside `infra`");
    expect(text).toContain(
      "| :x: **broken** | `Deployment shop/orders` | `orders` | `aws_security_group.orders` | 1 flow: 1 broken |",
    );
    expect(text.indexOf("Workloads")).toBeLessThan(text.indexOf("#### Flows"));
  });

  test("programs get every one of them", () => {
    const [first] = JSON.parse(shown(troubled, "json")).reports;
    expect(first.workloads).toHaveLength(5);
    expect(first.workloads[3]).toStrictEqual({
      name: "Deployment shop/reports",
      address: "shop/Deployment/reports",
      policies: [],
      carries: "node",
      groups: [],
      flows: [],
      closed_services: ["aws_db_instance.db"],
      source: { file: "k8s/all.yaml", line: 3 },
    });
    expect(first.idle_policies).toStrictEqual(["shop/SecurityGroupPolicy/old"]);
    expect(first.derived_flows_count).toBe(true);
  });
});

test("what does not count is told, and fails nothing", () => {
  const idle = estate([row("orders")], [needed("orders", "broken")], { areDerivedIdle: true });
  expect(shown(idle)).toContain("Broken flows that workloads need, which count with --expect");
  expect(shown(idle, "text", { onlyFailing: true })).toBe("");
  expect(shown(idle, "junit")).toContain('failures="0"');
  expect(JSON.parse(shown(idle, "sarif")).runs[0].results).toMatchObject([{ level: "note" }]);
  expect(JSON.parse(shown(idle, "json")).reports[0].derived_flows_count).toBe(false);
});

test.each(FORMATS)("an input without workloads says nothing of them: %s", (format) => {
  expect(shown(report({ path: "infra" }), format).toLowerCase()).not.toContain("workload");
});
