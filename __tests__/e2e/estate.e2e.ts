/**
 * A whole estate as people have it (`fixtures/estate`): nodes, cluster and add-on, groups, databases and caches in Terraform;
 * workloads, their policies, Services, Ingresses, network policies and webhooks in YAML, with kustomize and as a chart. Nothing
 * states a flow. What holds, and what each rule is for, follows from the documents of AWS and Kubernetes.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Report } from "../../verify/checks/model";
import { broken, changed, derived, ESTATE, FAULTS, judged, told } from "./support/estate";

const RULES = join("infra", "rules.tf");
const CHART = ["template", "apis", "chart", "--namespace", "apis"];
const KUSTOMIZATION = ["kustomize", "kustomize/production"];

/** What tells a flow from another: the same packets from the same groups to the same are one. */
const asPackets = ({ flow: { from, to, traffic } }: Report["verdicts"][number]) =>
  JSON.stringify([from.groups, from.cidrs, to.groups, to.cidrs, traffic]);

const KINDS = {
  DNS: /\/dns/,
  probes: /\/(startup|readiness|liveness)\//,
  "load balancers": /\/(ingress|service)\//,
  "network policies": /\/from\//,
  "what the API server calls": /\/(webhook|api)\//,
  "data services": /\/data\//,
};

test("the healthy estate: what its workloads need is known without a word of it, and no rule is missing", async () => {
  const report = await judged(ESTATE);
  expect(broken(report)).toStrictEqual([]);
  expect(told(report)).toStrictEqual([]);
  const distinct = new Set(derived(report).map(asPackets));
  expect(distinct.size).toBeGreaterThanOrEqual(60);
  for (const [kind, id] of Object.entries(KINDS)) {
    const flows = derived(report).filter(({ flow }) => id.test(flow.id.name));
    expect(new Set(flows.map(asPackets)).size, kind).toBeGreaterThanOrEqual(2);
  }
  // Only the egress rules of EKS's own group are not in the input.
  const uncertain = derived(report).filter(({ status }) => status !== "holds");
  expect(uncertain.every(({ flow }) => flow.from.name === "control-plane")).toBe(true);
});

/** The lines of the table of rules, by their keys. */
const lines = [...readFileSync(join(ESTATE, RULES), "utf8").matchAll(/^ {4}(\w+) += \{ group.*\n/gm)];

/** What a line of the table says. */
function ruleOf(line: string) {
  const [, group = "", peer = "", protocol = "", port = ""] =
    /group = "(\w+)", peer = "(\w+)", protocol = "(\w+)", port = (\d+)/.exec(line) ?? [];
  return { group, peer, protocol, port: Number(port) };
}

/** All pods have the group of the baseline besides one of their own, which is the better place for a rule. */
const PODS = ["storefront", "orders", "payments", "admission", "converter", "metrics", "pricing"];
const placesFor = (group: string) =>
  (group === "baseline" ? PODS : [group]).map((one) => `aws_security_group.${one}`);

describe("every rule is there for a flow: without it one breaks, and it is the cure", () => {
  test.each(lines.map(([line, key = ""]) => [key, line] as const))("%s", async (_, line) => {
    const { group, peer, protocol, port } = ruleOf(line);
    const { verdicts } = await judged(changed([RULES, line, ""]));
    const cures = verdicts.flatMap((verdict) => (verdict.status === "broken" ? verdict.cures : []));
    expect(cures).not.toStrictEqual([]);
    for (const cure of cures) {
      expect(placesFor(group)).toContain(cure.group);
      expect(placesFor(peer)).toContain(cure.peer.kind === "group" && cure.peer.group);
      expect(cure.traffic).toStrictEqual({ protocol, ports: { from: port, to: port } });
    }
  });

  test("what the nodes may send", async () => {
    const report = await judged(
      changed([RULES, /resource "aws_vpc_security_group_egress_rule" "nodes" \{[^}]*\}/, ""]),
    );
    expect(broken(report).every((name) => KINDS.probes.test(name))).toBe(true);
    expect(broken(report).length).toBeGreaterThan(20);
  });
});

describe("a fault is named, and nothing else", () => {
  test.each(FAULTS)("%s", async (_, change, found) => {
    const report = await judged(changed(change));
    expect(broken(report).sort()).toStrictEqual([...(found.broken ?? [])].sort());
    expect(told(report)).toStrictEqual(found.told ?? []);
  });
});

/** What a program prints; why it cannot be asked, where it cannot. */
function printed(program: string, words: readonly string[]): { text?: string; reason?: string } {
  try {
    return {
      text: execFileSync(program, words, {
        cwd: ESTATE,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      }),
    };
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: string };
    if (code === "ENOENT") return { reason: `there is no ${program} on the PATH` };
    throw new Error(`${program} ${words.join(" ")}: ${stderr}`);
  }
}

const RENDERED: readonly (readonly [program: string, words: readonly string[], file: string])[] = [
  ["kubectl", KUSTOMIZATION, "kustomize/rendered.yaml"],
  ["helm", CHART, "chart/rendered.yaml"],
];

for (const [program, words, file] of RENDERED) {
  const { text, reason } = printed(program, words);
  test.skipIf(reason)(`${file} is what ${program} renders${reason ? `: ${reason}` : ""}`, () => {
    expect(readFileSync(join(ESTATE, file), "utf8")).toBe(text);
  });
}

test("the folders that have to be rendered are not read file by file", async () => {
  const { notes } = await judged(ESTATE, ["k8s", "kustomize", "chart"]);
  expect(notes.filter((note) => /kubectl kustomize/.test(note))).toHaveLength(
    readdirSync(join(ESTATE, "kustomize"), { withFileTypes: true }).filter((entry) => entry.isDirectory())
      .length,
  );
  expect(notes.filter((note) => /helm template/.test(note))).toHaveLength(1);
});
