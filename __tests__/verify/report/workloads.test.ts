import { XMLParser } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import type { Report } from "../../../verify/checks/model";
import type { WorkloadRow } from "../../../verify/derive/model";
import type { Verdict } from "../../../verify/judge/model";
import { FORMATS, type Format, render } from "../../../verify/report";
import { endpoint, finding, flow, group, report, tcp, verdict } from "./reports";

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
    unjudged: [],
    closedServices: [],
    ...more,
  };
}

function needed(name: string, status: Verdict["status"], line = 31): Verdict {
  const pods = { ...endpoint(name, [GROUP]), workload: `shop/Deployment/${name}` };
  const words = `Deployment shop/${name}, readinessProbe`;
  const origins = [{ need: "readiness", words, source: { file: "k8s/all.yaml", line } }];
  const id = `shop/Deployment/${name}/readiness/8080`;
  const needs = flow(id, "allow", endpoint("nodes", ["aws_security_group.nodes"]), pods, [tcp(8080)]);
  const missing = status === "broken" ? { intoMissing: [tcp(8080)] } : {};
  return verdict({ ...needs, id: { module: "", name: id }, origins }, status, missing);
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
const UNMAPPED = "the group that ${MAIL} stands for is not known, so what its pods need is not judged";

const MAIL = row("mail", { carries: "unknown", groups: [], flows: [], unjudged: [UNMAPPED] });
const REPORTS = row("reports", { ...ONNODE, closedServices: ["aws_db_instance.db"] });
/** One of each kind. */
const ROWS = [row("cart"), row("orders"), row("web", ONNODE), REPORTS, MAIL];

describe("the workloads come first, as a table", () => {
  const troubled = estate(ROWS, [needed("orders", "broken"), needed("cart", "holds")], {
    workloads: { rows: ROWS, idlePolicies: ["shop/SecurityGroupPolicy/old"] },
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
      not_judged: [],
      closed_services: ["aws_db_instance.db"],
      source: { file: "k8s/all.yaml", line: 3 },
    });
    expect(first.workloads[4].not_judged).toStrictEqual([UNMAPPED]);
    expect(first.flows[0].to).toMatchObject({ workload: "shop/Deployment/orders" });
    expect(first.idle_policies).toStrictEqual(["shop/SecurityGroupPolicy/old"]);
    expect(first.derived_flows_count).toBe(true);
  });
});

describe("JUnit has a suite of workloads, a test for each", () => {
  const closed = finding({
    check: "data-service-closed-to-pods",
    severity: "error",
    address: "shop/Deployment/reports",
    message: "Deployment shop/reports names aws_db_instance.db, and no policy selects its pods.",
  });
  const verdicts = [needed("orders", "broken"), needed("cart", "holds")];
  const suites = (more: Partial<Report> = {}, options: object = {}) => {
    const isArray = (name: string) => ["testsuite", "testcase"].includes(name);
    const reader = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "", isArray });
    return reader.parse(shown(estate(ROWS, verdicts, { findings: [closed], ...more }), "junit", options))
      .testsuites.testsuite;
  };
  const outcomes = (more: Partial<Report> = {}, options: object = {}) => {
    const [{ testcase }] = suites(more, options);
    return Object.fromEntries(
      testcase.map((one: Record<string, unknown>) => [
        one["name"],
        "failure" in one ? "failed" : "skipped" in one ? "skipped" : "passed",
      ]),
    );
  };
  const EXPECTED = {
    "Deployment shop/cart": "passed",
    "Deployment shop/orders": "failed",
    "Deployment shop/web": "skipped",
    "Deployment shop/reports": "failed",
    "Deployment shop/mail": "skipped",
  };

  test("that passes, fails with what does not hold, or is skipped with the reason", () => {
    const [workloads, flows] = suites();
    expect(workloads).toMatchObject({ name: "infra: workloads", tests: "5", failures: "2", skipped: "2" });
    expect(flows).toMatchObject({ name: "infra", tests: "3" });
    expect(outcomes()).toStrictEqual(EXPECTED);
    const [, orders, web, reports, mail] = workloads.testcase;
    expect(orders).toMatchObject({
      classname: "infra: workloads",
      file: "k8s/all.yaml",
      line: "3",
      failure: { type: "workload", message: "Deployment shop/orders: 1 flow: 1 broken." },
    });
    expect(orders.failure["#text"]).toContain("orders ingress: no rule allows TCP 8080");
    expect(web.skipped.message).toBe("It keeps the groups of its node, so no flow of it is judged.");
    expect(reports.failure["#text"]).toContain("names aws_db_instance.db");
    expect(mail.skipped.message).toBe(`Not judged: ${UNMAPPED}.`);
  });

  test("as the run fails: not for what is known, suppressed, does not count, or below the limit", () => {
    const flows = new Set(["shop/Deployment/orders/readiness/8080"]);
    const known = { file: "known.yaml", findings: [closed], flows, gone: [] };
    const orders = { ...EXPECTED, "Deployment shop/reports": "passed" };
    expect(outcomes({ known, findings: [] })).toStrictEqual({
      ...orders,
      "Deployment shop/orders": "skipped",
    });
    expect(outcomes({ findings: [], suppressed: [{ ...closed, reason: "It is old." }] })).toStrictEqual(
      orders,
    );
    expect(outcomes({}, { limits: { failOn: "never", noAssumptions: false } })).toStrictEqual(orders);
    expect(outcomes({ areDerivedIdle: true, findings: [] })).toStrictEqual({
      ...orders,
      "Deployment shop/orders": "passed",
    });
  });
});

test("SARIF points to what needs a broken flow, beside the group, and says what is not judged", () => {
  const broken = estate([row("orders")], [needed("orders", "broken")], { notes: [`mail: ${UNMAPPED}`] });
  const [{ results, invocations }] = JSON.parse(shown(broken, "sarif")).runs;
  expect(results).toHaveLength(1);
  expect(results[0].locations).toMatchObject([
    {
      physicalLocation: { artifactLocation: { uri: "k8s/all.yaml" }, region: { startLine: 31 } },
      message: { text: "Needed by Deployment shop/orders, readinessProbe." },
    },
  ]);
  const [related] = results[0].relatedLocations;
  expect(related.physicalLocation.artifactLocation.uri).toBe("cdktf.out/stacks/rds-mysql/cdk.tf.json");
  expect(invocations[0].toolExecutionNotifications).toStrictEqual([
    { level: "note", message: { text: `infra: mail: ${UNMAPPED}` } },
  ]);
});

describe("Mermaid draws workloads with their groups", () => {
  test("each as a node, those of one group, too, and those that no arrow leads to", () => {
    const one = estate(ROWS, [needed("orders", "broken"), needed("cart", "holds")]);
    expect(shown(one, "mermaid")).toBe(`flowchart LR
  n0["nodes"]
  n1[("aws_db_instance.db")]
  n2(["Deployment shop/cart<br>${GROUP}"])
  n3(["Deployment shop/mail<br>not judged"])
  n4(["Deployment shop/orders<br>${GROUP}"])
  n5(["Deployment shop/reports"])
  n0 -.->|"readiness: TCP 8080 (broken)"| n4
  n0 -->|"readiness: TCP 8080"| n2
  n5 -.->|"no policy (broken)"| n1
`);
  });

  test("and takes a workload for an end of flows.yaml with its groups, if it is the only one", () => {
    const stated = verdict(
      flow("a", "allow", endpoint("orders", [GROUP]), endpoint("db", ["sg-db"]), [tcp(5432)]),
      "holds",
    );
    const alone = estate([row("orders")], [needed("orders", "holds"), stated]);
    expect(shown(alone, "mermaid").match(/^ {2}n\d+\W/gm)).toHaveLength(5);
    const two = estate([row("orders"), row("cart")], [needed("orders", "holds"), stated]);
    expect(shown(two, "mermaid")).toContain('  n1["orders"]');
  });

  const names = Array.from({ length: 1000 }, (_, index) => `workload-${index}`);

  test("of a thousand workloads with one group one node, and says so", () => {
    const text = shown(
      estate(
        names.map((name) => row(name)),
        names.map((name) => needed(name, "holds")),
      ),
      "mermaid",
    );
    expect(text.length).toBeLessThan(60_000);
    expect(text).toContain("Workloads with the same security groups are one node");
    expect(text.match(/-->/g)).toHaveLength(1);
  });

  test("of a thousand with a group each what is broken", () => {
    const own = (name: string): Verdict => {
      const one = needed(name, name.endsWith("7") ? "broken" : "holds");
      return {
        ...one,
        flow: { ...one.flow, to: { ...one.flow.to, groups: [`aws_security_group.${name}`] } },
      };
    };
    const text = shown(
      estate(
        names.map((name) => row(name, { groups: [`aws_security_group.${name}`] })),
        names.map(own),
      ),
      "mermaid",
    );
    expect(text.match(/-\.->/g)).toHaveLength(100);
    expect(text).toContain("only the broken and changed ones are drawn (100).");
  });
});

/* Whoever gives manifests is not sent to init for flows: what is missing is what the pods carry. */
describe("where nothing is judged, the first line says why", () => {
  test.each<[rows: readonly WorkloadRow[], why: string]>([
    [[MAIL], "the security groups of 1 workload are not known"],
    [[MAIL, row("web", ONNODE)], "the security groups of 1 of 2 workloads are not known"],
    [[row("web", ONNODE)], "1 workload keeps the security groups of the node"],
    [[row("orders", { flows: [] })], "nothing is known that the workloads need"],
  ])("%#", (rows, why) => {
    const one = estate(rows, []);
    expect(shown(one).split("\n").slice(0, 2).join(" ")).toContain(
      `Nothing was checked between groups: ${why}.`,
    );
    for (const format of FORMATS) expect(shown(one, format)).not.toMatch(/no flows are declared|init/i);
    expect(shown(one, "markdown")).toContain(`no flow is judged: ${why}`);
    expect(shown(one, "junit")).toContain(`No flow is judged: ${why}.`);
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
