import * as z from "zod";
import { ROLES } from "../inventory/model";

/**
 * The shape of the JSON report. The types of `json.ts` and `schemas/report.json` are made of it; nothing else loads
 * it. Objects may have more keys: a new minor version of the format only adds some.
 */

const text = z.string();
const texts = z.array(text);
const whole = z.int().min(0);
const port = z.int().min(0).max(65535);

const direction = z.enum(["ingress", "egress"]).meta({ id: "direction" });
const expectation = z.enum(["allow", "deny"]).meta({ id: "expect" });
const status = z.enum(["holds", "holds_if", "broken"]).meta({ id: "status" });

const line = z.int().min(1).optional();
const source = z
  .object({
    file: text,
    line,
    inside: z
      .object({ file: text, line })
      .describe(
        "For code in a module that terraform init fetched: the place in there; file and line are then those of the " +
          "call in the configuration. Since 1.2.",
      )
      .optional(),
  })
  .meta({ id: "source" });

const icmp = z.int().min(-1).max(255).describe("-1 for any.");

const traffic = z
  .discriminatedUnion("protocol", [
    z.object({ protocol: z.literal("all") }),
    z.object({ protocol: z.enum(["tcp", "udp"]), from_port: port, to_port: port }),
    z.object({ protocol: z.enum(["icmp", "icmpv6"]), type: icmp, code: icmp }),
    z.object({
      protocol: z.literal("other"),
      number: z.int().min(0).max(255).describe("The number of the IP protocol."),
    }),
  ])
  .meta({ id: "traffic" });

const peer = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("group"), group: text }),
    z.object({ kind: z.literal("cidr"), cidr: text }),
    z.object({
      kind: z.literal("prefix_list"),
      id: text,
      entries: texts.describe("Its CIDRs, where they are declared.").optional(),
    }),
    z.object({
      kind: z.literal("unknown"),
      expression: text,
      candidates: texts.describe("Keys of groups that it may be."),
    }),
  ])
  .meta({ id: "peer" });

const group = z
  .object({
    key: text.describe("The address of the resource, else the id, else the expression that names it."),
    label: text,
    declared: z.boolean().describe("Whether the input declares it: then its rules are all in the input."),
    name: text.optional(),
    roles: z.array(z.enum(ROLES)).describe("What the input shows it attached to."),
    source: source.optional(),
  })
  .meta({ id: "group" });

const rule = z
  .object({
    address: text.describe("The resource, or the group and its block."),
    form: z.enum(["classic", "per-rule", "inline"]),
    group: text
      .nullable()
      .describe("The key of the group that it belongs to; null when the input does not determine it."),
    direction,
    traffic: traffic
      .nullable()
      .describe("Null when the input does not determine it: unknown_traffic then says why."),
    unknown_traffic: text.optional(),
    peer,
    source,
  })
  .meta({ id: "rule" });

const endpoint = z
  .object({
    name: text,
    groups: texts.describe("Keys of the groups on its interface; their rules add up."),
    cidrs: texts
      .describe("Where its addresses lie: CIDRs, or internet; absent when they are not known.")
      .optional(),
    workload: text
      .describe("The address of the workload whose pods it is, where workloads need the flow. Since 1.6.")
      .optional(),
  })
  .meta({ id: "endpoint" });

const half = z
  .object({
    direction,
    endpoint,
    admitted_by: texts.describe("Addresses of the rules that allow it, or part of it."),
    missing: z.array(traffic).describe("For an allow: what no rule of the input allows."),
    missing_family: z
      .enum(["ipv4", "ipv6"])
      .describe(
        "The one family in which that is missing: IPv6, or IPv4 where the flow was judged in both. Since 1.1.",
      )
      .optional(),
  })
  .meta({ id: "half" });

const place = z
  .object({
    module: text.describe("The address of the module in whose files; empty for the root."),
    folder: text.describe("The folder of that module, where it is known.").optional(),
    block: text.describe("Inside of which block of it: aws_security_group.db, module.web.").optional(),
  })
  .meta({ id: "place" });

const cure = z
  .object({
    group: text.describe("The key of the group that lacks it."),
    direction,
    traffic,
    peer,
    terraform: text.describe("The rule as HCL."),
    place: place.describe("Where it is written. Since 1.2."),
    needs: z
      .array(z.object({ ...place.shape, why: text, terraform: text }).meta({ id: "need" }))
      .describe("What else must be written, in order, so that it can name both groups. Since 1.2."),
  })
  .meta({ id: "cure" });

const flow = z
  .object({
    id: text.describe("With the address of the module call that it belongs to: module.rds_mysql/RQ3."),
    description: text.optional(),
    derived_from: z
      .array(z.object({ what: text, source }))
      .describe("Of a flow that nobody states: what needs it, each of them, such as a probe. Since 1.4.")
      .optional(),
    expect: expectation,
    from: endpoint,
    to: endpoint,
    traffic: z.array(traffic),
    status,
    halves: z.array(half),
    conditions: texts.describe(
      "For holds_if: what must be true, each of them: the flow holds if all are true and is broken if one is not. " +
        "For a broken allow: what remains to be true when its cures are there.",
    ),
    impossible: text
      .describe(
        "Why no packet of the flow can exist: the two ends have no family of addresses in common, or none that has " +
          "the traffic. Since 1.1.",
      )
      .optional(),
    cures: z.array(cure).describe("For a broken allow: the rules to add."),
    opened_by: texts.describe("For a broken deny: addresses of the rules that open it."),
    known: z
      .boolean()
      .describe("With --known: whether it was known to be broken, or to depend on something. Since 1.3.")
      .optional(),
  })
  .meta({ id: "flow" });

const finding = z
  .object({
    check: text.describe("The id of the check."),
    severity: z.enum(["error", "warning", "information"]),
    address: text,
    message: text,
    source: source.optional(),
    known: z.boolean().describe("With --known: whether it was known. Since 1.3.").optional(),
  })
  .meta({ id: "finding" });

const suppressedFinding = z
  .object({ ...finding.omit({ known: true }).shape, reason: text.describe("Why it is suppressed.") })
  .meta({ id: "suppressed_finding" });

const workload = z
  .object({
    name: text.describe("Such as Deployment shop/orders."),
    address: text,
    policies: texts.describe("Addresses of the policies that select its pods, or may."),
    carries: z
      .enum(["own", "node", "unknown"])
      .describe("Whose security groups its pods carry: their own, those of the node, or that is not known."),
    groups: texts.describe("Keys of its own groups."),
    flows: texts.describe("Ids of the flows that it needs."),
    not_judged: texts.describe("What of it is not judged, and why: clauses. Since 1.6."),
    closed_services: texts.describe(
      "Addresses of data services that it uses and that allow only pods of policies, of which it has none.",
    ),
    source,
  })
  .meta({ id: "workload" });

const report = z
  .object({
    path: text.describe("The path as it was given, or - for standard input."),
    kind: z.enum(["configuration", "plan", "state"]),
    mode: z.enum(["strict", "standard"]).describe("The CNI's enforcing mode that the flows were judged for."),
    mode_from: text
      .describe("What sets the mode for the CNI of the input, if neither --mode nor a flows.yaml states one.")
      .optional(),
    cni: z
      .enum(["kubernetes_env", "addon", "external"])
      .describe("How the cluster's CNI is run, if a flows.yaml declares it.")
      .optional(),
    groups: z.array(group).describe("By key."),
    rules: z.array(rule).describe("By address. A rule with several peers appears once for each."),
    workloads: z
      .array(workload)
      .describe("What makes pods, in the manifests and in Terraform. Since 1.5.")
      .optional(),
    idle_policies: texts
      .describe("Addresses of policies that select none of the workloads. Since 1.5.")
      .optional(),
    flows: z.array(flow).describe("In the order in which they are declared."),
    derived_flows_count: z
      .boolean()
      .describe(
        "Where workloads need flows: whether these make the exit code 1, which they do with --manifests or --expect. Since 1.5.",
      )
      .optional(),
    findings: z
      .array(finding)
      .describe("The most severe first; with --known those that were not known before the others."),
    no_longer_found: texts
      .describe("With --known: what was known and is not found any more. Since 1.3.")
      .optional(),
    suppressed: z.array(suppressedFinding),
    notes: texts.describe("What could not be read or evaluated and matters to the verdicts."),
  })
  .meta({ id: "report" });

const flowChange = z
  .object({
    path: text,
    id: text,
    changes: z
      .array(z.enum(["new", "gone", "opens", "closes", "conditional", "restated", "rules"]))
      .describe(
        "opens, closes: its traffic gets through now, or no longer. conditional: that now depends on what the input " +
          "does not say. restated: its endpoints, traffic or expectation are others. rules: other rules carry it.",
      ),
    expect: expectation,
    from: text.describe("The endpoint's name."),
    to: text.describe("The endpoint's name."),
    traffic: z.array(traffic),
    before: status.optional(),
    after: status.optional(),
    added_rules: texts,
    removed_rules: texts,
  })
  .meta({ id: "flow_change" });

const reachable = z
  .object({
    path: text,
    from: text.describe("A group's label, a CIDR, a prefix list or an expression."),
    to: text.describe("Likewise."),
    traffic: z.array(traffic),
    unknown_traffic: text
      .describe("Why the traffic of one of the rules is not determined; traffic is then what it may be.")
      .optional(),
    rules: texts.describe("Addresses of the new rules that allow it."),
  })
  .meta({ id: "reachable" });

const changedFinding = z
  .object({
    path: text,
    check: text,
    severity: z.enum(["error", "warning", "information"]),
    address: text,
    message: text,
  })
  .meta({ id: "changed_finding" });

const difference = z
  .object({
    flows: z.array(flowChange).describe("Flows that changed against the base, by path and id."),
    reachable: z.array(reachable).describe("What the rules allow and those of the base did not."),
    findings: z
      .object({
        new: z.array(changedFinding),
        gone: z.array(changedFinding),
        unchanged: whole.describe("How many findings both have."),
      })
      .describe("Which findings the base did not have, or had. Suppressed ones are not gone. Since 1.3."),
  })
  .meta({ id: "difference", description: "With --base." });

/** What `verify --format json` writes. */
export const documentSchema = z
  .object({
    format_version: text.regex(/^1\.[0-9]+$/).describe("Major and minor version of this format."),
    summary: z
      .object({
        flows: whole,
        holds: whole,
        holds_if: whole,
        broken: whole,
        errors: whole,
        warnings: whole,
        information: whole,
        suppressed: whole,
        checks_not_run: texts
          .describe("The ids of checks that --check or --skip-check left out. Since 1.3.")
          .optional(),
        known: z
          .object({ flows: whole, findings: whole })
          .describe("With --known: how many of the flows and findings were known. Since 1.3.")
          .optional(),
      })
      .describe("Counts over all reports. Suppressed findings are counted only there."),
    reports: z.array(report).describe("One for each input, in the order in which they were named."),
    difference: difference.optional(),
  })
  .meta({
    title: "Report of the verifier",
    description:
      "What verify --format json writes. A new minor version of the format only adds keys, so readers ignore keys " +
      "that they do not know.",
  });

/** What the shape of an answer has in common with it (`answer-schema.ts`). */
export const PARTS = {
  cure,
  direction,
  endpoint,
  expectation,
  half,
  report,
  rule,
  source,
  status,
  traffic,
} as const;

/** As the renderer makes them: of lists that nobody may change. */
type Written<T> = T extends readonly (infer Item)[]
  ? readonly Written<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Written<T[Key]> }
    : T;

export type Of<Schema extends z.ZodType> = Written<z.output<Schema>>;

export type DocumentJson = Of<typeof documentSchema>;
export type ReportJson = Of<typeof report>;
export type GroupJson = Of<typeof group>;
export type RuleJson = Of<typeof rule>;
export type WorkloadJson = Of<typeof workload>;
export type FlowJson = Of<typeof flow>;
export type EndpointJson = Of<typeof endpoint>;
export type HalfJson = Of<typeof half>;
export type CureJson = Of<typeof cure>;
export type TrafficJson = Of<typeof traffic>;
export type PeerJson = Of<typeof peer>;
export type FindingJson = Of<typeof finding>;
export type SuppressedFindingJson = Of<typeof suppressedFinding>;
export type ChangedFindingJson = Of<typeof changedFinding>;
export type DifferenceJson = Of<typeof difference>;
export type FlowChangeJson = Of<typeof flowChange>;
export type ReachableJson = Of<typeof reachable>;
