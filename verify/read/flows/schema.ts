import * as z from "zod";
import { LIMITS } from "../../../aws/limits";
import { strictly } from "../../../io/errors";

const words = z.string({ error: "must be a string" }).min(1, "must not be empty");
const listOfWords = z.union(
  [words.transform((one) => [one]), z.array(words).min(1, "must name at least one")],
  {
    error: "must be a string or a list of strings",
  },
);

const FLOW_KEYS = "flow, description, required, when, for_each";

const mapWith = (accepted: string) => strictly(accepted, "a map");

/** An endpoint in the words of the file: what names its groups, and its addresses. */
export interface EndpointWords {
  readonly groups: readonly string[];
  readonly cidrs: readonly string[];
  readonly isOnNodes?: boolean;
}

/** An endpoint: a group, a CIDR, or a map of several. */
const endpoint = z.union(
  [
    words
      .describe("A group (an address, an expression or an id), or a CIDR.")
      .transform((one): EndpointWords => {
        return looksLikeCidr(one) ? { groups: [], cidrs: [one] } : { groups: [one], cidrs: [] };
      }),
    z
      .strictObject(
        {
          group: words.describe("A group on its interface: an address, an expression or an id.").optional(),
          groups: listOfWords
            .describe("Groups on its interface, whose rules add up: addresses, expressions or ids.")
            .default([]),
          cidrs: listOfWords
            .describe("Where its addresses lie: CIDRs, or expressions in ${…} whose values are CIDRs.")
            .default([]),
          on_nodes: z
            .boolean({ error: "must be true or false" })
            .describe(
              "Whether it may be on the worker nodes. In standard mode, traffic between two such endpoints on one node is not filtered.",
            )
            .default(false),
        },
        mapWith("group, groups, cidrs, on_nodes"),
      )
      .transform(({ group, groups, cidrs, on_nodes }): EndpointWords => {
        return { groups: [...(group === undefined ? [] : [group]), ...groups], cidrs, isOnNodes: on_nodes };
      }),
  ],
  { error: "must be a group (an address, an expression or an id), a CIDR, or a map with groups and cidrs" },
);

const FLOW =
  "allow FROM -> TO TRAFFIC, or deny FROM -> TO TRAFFIC: names of endpoints, and traffic such as TCP 443, UDP 53, ICMP 3 4, protocol 50 or all except TCP 80. Without traffic it is all.";

/** A flow in its short form, or as a map; `when` and `for_each` are expressions. */
const flow = z.union(
  [
    words.describe(FLOW).transform((one) => ({ flow: one })),
    z.strictObject(
      {
        flow: words.describe(FLOW),
        description: words
          .describe(
            "What the flow is for, as the report says it. ${each.key} and ${each.value} stand for the element.",
          )
          .optional(),
        required: listOfWords
          .describe(
            "Endpoints of groups that are declared elsewhere, but whose rules this input must add: if one is missing, the flow is broken, not holds if.",
          )
          .optional(),
        when: words
          .describe(
            "An expression, evaluated in the module of this file: the flow counts only if it is true; with for_each, for each element.",
          )
          .optional(),
        for_each: words
          .describe(
            "An expression for a map or a set of texts, such as var.ports: one flow for each element.",
          )
          .optional(),
      },
      mapWith(FLOW_KEYS),
    ),
  ],
  {
    error: `must be a flow such as "allow pods -> rds TCP 3306", or a map with ${FLOW_KEYS} (the last two are expressions as strings, such as var.ports)`,
  },
);

const suppression = z.strictObject(
  {
    check: words.describe("The id of the check, as in docs/checks.md."),
    address: words.describe("The address at which the check finds it."),
    reason: z
      .string({ error: "must say why: the report shows it" })
      .min(1, "must say why: the report shows it")
      .describe("Why it is intended. The report shows it."),
    when: words.describe("An expression: where it is false or not known, nothing is suppressed.").optional(),
    with_policies: z
      .boolean({ error: "must be true or false" })
      .describe("Whether findings at the policies that give the group at the address are suppressed as well.")
      .optional(),
  },
  mapWith("check, address, reason, when, with_policies"),
);

const { groupsPerInterface: DEFAULT, mostGroupsPerInterface: MOST } = LIMITS;
const GROUPS_PER_INTERFACE = `must be the quota as AWS raised it, a whole number from ${DEFAULT} to ${MOST}`;

/** What `flows.yaml` holds; `schemas/flows.json` is made of it. */
export const flowsFileSchema = z.strictObject(
  {
    format: z.literal(1, { error: "must be 1" }).describe("The version of this format."),
    mode: z
      .enum(["strict", "standard"], { error: "must be strict or standard" })
      .describe(
        "The CNI's enforcing mode. Default: what the CNI of the input sets, else strict. --mode overrides it.",
      )
      .optional(),
    cni: z
      .enum(["kubernetes_env", "addon", "external"], { error: "must be kubernetes_env, addon or external" })
      .describe(
        "How the cluster's CNI is run: kubernetes_env (patched into the DaemonSet aws-node), addon (aws_eks_addon) or external (someone else does).",
      )
      .optional(),
    groups_per_interface: z
      .int({ error: GROUPS_PER_INTERFACE })
      .min(DEFAULT, GROUPS_PER_INTERFACE)
      .max(MOST, GROUPS_PER_INTERFACE)
      .describe(
        "The quota of groups on one interface, where AWS raised it. Pods on Fargate have 5 in any case.",
      )
      .optional(),
    nodes: words.describe("The name of the endpoint of the worker nodes, for standard mode.").optional(),
    endpoints: z
      .record(z.string(), endpoint, { error: "must be a map of endpoints by their names" })
      .describe("Who sends and receives, by name. internet already exists.")
      .optional(),
    flows: z
      .record(z.string(), flow, { error: "must be a map of flows by their names" })
      .describe("What must get through and what must not, by name.")
      .optional(),
    suppress: z
      .array(suppression, { error: "must be a list" })
      .describe("Findings that are intended.")
      .optional(),
  },
  mapWith("format, mode, cni, groups_per_interface, nodes, endpoints, flows, suppress"),
);

export type FlowsFile = z.output<typeof flowsFileSchema>;

export function looksLikeCidr(text: string): boolean {
  return /^(\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:.]*)(\/\d+)?$/i.test(text);
}
