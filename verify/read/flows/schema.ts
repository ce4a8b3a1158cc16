import { z } from "zod";
import { strictly } from "../../../io/errors";

const words = z.string({ error: "must be text" }).min(1, "must not be empty");
const listOfWords = z.union(
  [words.transform((one) => [one]), z.array(words).min(1, "must name at least one")],
  {
    error: "must be text or a list of texts",
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
    words.transform((one): EndpointWords => {
      return looksLikeCidr(one) ? { groups: [], cidrs: [one] } : { groups: [one], cidrs: [] };
    }),
    z
      .strictObject(
        {
          group: words.optional(),
          groups: listOfWords.default([]),
          cidrs: listOfWords.default([]),
          on_nodes: z.boolean({ error: "must be true or false" }).default(false),
        },
        mapWith("group, groups, cidrs, on_nodes"),
      )
      .transform(({ group, groups, cidrs, on_nodes }): EndpointWords => {
        return { groups: [...(group === undefined ? [] : [group]), ...groups], cidrs, isOnNodes: on_nodes };
      }),
  ],
  { error: "must be a group (an address, an expression or an id), a CIDR, or a map with groups and cidrs" },
);

/** A flow in its short form, or as a map; `when` and `for_each` are expressions. */
const flow = z.union(
  [
    words.transform((one) => ({ flow: one })),
    z.strictObject(
      {
        flow: words,
        description: words.optional(),
        required: listOfWords.optional(),
        when: words.optional(),
        for_each: words.optional(),
      },
      mapWith(FLOW_KEYS),
    ),
  ],
  {
    error: `must be a flow such as "allow pods -> rds TCP 3306", or a map with ${FLOW_KEYS} (the last two are expressions as text, such as var.ports)`,
  },
);

const suppression = z.strictObject(
  {
    check: words,
    address: words,
    reason: z
      .string({ error: "must say why: the report shows it" })
      .min(1, "must say why: the report shows it"),
    when: words.optional(),
    with_policies: z.boolean({ error: "must be true or false" }).optional(),
  },
  mapWith("check, address, reason, when, with_policies"),
);

const GROUPS_PER_INTERFACE = "must be the quota as AWS raised it, a whole number from 5 to 16";

/** What `flows.yaml` holds. */
export const flowsFileSchema = z.strictObject(
  {
    format: z.literal(1, { error: "must be 1" }),
    mode: z.enum(["strict", "standard"], { error: "must be strict or standard" }).optional(),
    cni: z
      .enum(["kubernetes_env", "addon", "external"], { error: "must be kubernetes_env, addon or external" })
      .optional(),
    groups_per_interface: z
      .int({ error: GROUPS_PER_INTERFACE })
      .min(5, GROUPS_PER_INTERFACE)
      .max(16, GROUPS_PER_INTERFACE)
      .optional(),
    nodes: words.optional(),
    endpoints: z
      .record(z.string(), endpoint, { error: "must be a map of endpoints by their names" })
      .optional(),
    flows: z.record(z.string(), flow, { error: "must be a map of flows by their names" }).optional(),
    suppress: z.array(suppression, { error: "must be a list" }).optional(),
  },
  mapWith("format, mode, cni, groups_per_interface, nodes, endpoints, flows, suppress"),
);

export type FlowsFile = z.output<typeof flowsFileSchema>;

export function looksLikeCidr(text: string): boolean {
  return /^(\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:.]*)(\/\d+)?$/i.test(text);
}
