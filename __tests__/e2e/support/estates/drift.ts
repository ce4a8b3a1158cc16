import fc from "fast-check";
import type { Json } from "../../../../io/json";
import type { Part } from "./groups";
import { addressOf, type Drift, resource } from "./model";
import { FORMS } from "./rules";

export type DrawnDrift = Pick<Drift, "form" | "changes" | "side">;
export type Change = Drift["changes"][number];
const CHANGES: readonly Change[] = ["added", "removed", "described"];

export const drawnDrift: fc.Arbitrary<DrawnDrift> = fc.record({
  side: fc.constantFrom("live" as const, "configuration" as const),
  form: fc.constantFrom(...FORMS),
  changes: fc.subarray([...CHANGES], { minLength: 1 }),
});

export interface Rule {
  readonly protocol: string;
  readonly port: number;
  readonly cidrs: readonly string[];
  readonly description?: string;
}

export const RULES = {
  several: { protocol: "tcp", port: 443, cidrs: ["10.0.0.0/8", "10.1.0.0/16"] },
  removed: { protocol: "tcp", port: 8443, cidrs: ["10.1.0.0/16"] },
  described: { protocol: "udp", port: 9100, cidrs: ["10.0.0.0/8"], description: "Metrics" },
} as const satisfies Readonly<Record<string, Rule>>;

export const ADDED: Rule = { protocol: "tcp", port: 22, cidrs: ["10.9.0.0/16"], description: "By hand" };

/** A group with rules that change by hand. */
export function driftPart(drawn: DrawnDrift, label: string, vpc: string): Part & { readonly drift: Drift } {
  const id = `\${aws_security_group.${label}.id}`;
  const rules: Readonly<Record<string, Rule>> = RULES;
  const ports = ({ port }: Rule) => ({ from_port: port, to_port: port });
  const described = ({ description }: Rule) => (description === undefined ? {} : { description });
  const blocks = Object.entries(rules).flatMap(([name, rule]) =>
    drawn.form === "inline"
      ? []
      : drawn.form === "classic"
        ? [
            resource("aws_security_group_rule", `${label}_${name}`, {
              security_group_id: id,
              type: "ingress",
              protocol: rule.protocol,
              ...ports(rule),
              cidr_blocks: rule.cidrs,
              ...described(rule),
            }),
          ]
        : rule.cidrs.map((cidr_ipv4, index) =>
            resource("aws_vpc_security_group_ingress_rule", `${label}_${name}_${index}`, {
              security_group_id: id,
              ip_protocol: rule.protocol,
              ...ports(rule),
              cidr_ipv4,
              ...described(rule),
            }),
          ),
  );
  const inline = (rule: Rule): Json => ({
    protocol: rule.protocol,
    ...ports(rule),
    cidr_blocks: rule.cidrs,
    ipv6_cidr_blocks: [],
    security_groups: [],
    prefix_list_ids: [],
    self: false,
    description: rule.description ?? null,
  });
  const group = resource("aws_security_group", label, {
    name: `drifting ${label}`,
    vpc_id: `\${${vpc}}`,
    ...(drawn.form === "inline" && { ingress: Object.values(rules).map(inline) }),
  });
  return {
    root: [group, ...blocks],
    drift: { ...drawn, group: addressOf(group), rules: blocks.map((block) => addressOf(block)) },
  };
}

/** What is said of each change. */
export const DIFFERENCES: Readonly<Record<Change, RegExp>> = {
  added: /^ {2}ingress TCP 22 from 10\.9\.0\.0\/16 is new \(sgr-\w+\)$/m,
  removed: /^ {2}ingress TCP 8443 from 10\.1\.0\.0\/16 is gone$/m,
  described: /^ {2}ingress UDP 9100 from 10\.0\.0\.0\/8 has the description "By hand", not "Metrics"$/m,
};

/** Whether today's configuration must be applied before: an adoption creates and removes nothing, as blocks do for a description. */
export function mustApplyFirst({ side, form, changes }: DrawnDrift): boolean {
  return side === "configuration" && (form === "inline" || changes.includes("removed"));
}

/** Whether the plan of the adoption changes a description back. */
export function changesBack(drift: DrawnDrift): boolean {
  return drift.side === "configuration" && drift.changes.includes("described") && !mustApplyFirst(drift);
}

/** A line of the rules in force, after such a plan. @param id that of the group */
export function changedBack(line: string, id: string): string {
  return line.startsWith(`${id} `) && line.includes(" udp 9100 ")
    ? line.replace(/By hand$/, "Metrics")
    : line;
}
