import type { EnforcingMode } from "../../network/cni";
import { describePeer } from "../../network/peers";
import type { Flow } from "../expect/model";
import { certainEnforcingMode } from "../inventory/cluster/cni";
import type { Inventory, SecurityGroupRule } from "../inventory/model";
import { openBesidePods } from "../needs/data-services";
import type { Estate } from "../needs/model";
import { partyOf, WrittenEndpoints } from "./endpoints";
import { type FoundFlow, foundFlows } from "./found";
import { type Gap, gapsOf, unclearFlows } from "./gaps";

/** How a flow is marked that is needed and certainly broken. */
export const MISSING = "MISSING: ";

export interface InitOptions {
  /** The mode in which the next run judges. Default: that of the input's CNI, else strict. */
  readonly mode?: EnforcingMode;
  /** The mode that the user names, if one is named: the file states it. */
  readonly stated?: EnforcingMode;
  /** What called modules state with files of their own. */
  readonly flows?: readonly Flow[];
}

/**
 * A `flows.yaml` with today's truth: an endpoint for each group and address that the rules speak of, and a flow for
 * all that both of its halves admit, or the one half that the input knows. What the pods need and certainly do not get is
 * a flow, too, marked `# MISSING`: it is broken until the rules are there.
 */
export async function initialFlows(inventory: Inventory, options: InitOptions = {}): Promise<string> {
  const { mode = certainEnforcingMode(inventory)?.mode ?? "strict", stated, flows = [] } = options;
  const estate: Estate = { inventory, flows, mode };
  const endpoints = new WrittenEndpoints(inventory);
  const found = foundFlows(inventory, endpoints);
  const gaps = gapsOf(estate, endpoints);
  const wide = flowsBesidePods(estate, found);
  const comments = [
    "What the rules allow today. Keep what is intended, and add what must stay closed: deny a -> b all",
    ...(gaps.length > 0
      ? [
          "Flows marked MISSING are needed, but no rule allows them: add the rules, or remove the flow if it is not needed.",
        ]
      : []),
    ...unclearAccess(estate, endpoints),
    ...besidePods(wide),
    ...withoutFlows(inventory.rules),
  ].map((line) => `# ${line}\n`);
  const meant = found.filter((flow) => !wide.includes(flow));
  return `${comments.join("")}${await yamlOf(stated, endpoints, meant, gaps)}`;
}

async function yamlOf(
  mode: EnforcingMode | undefined,
  endpoints: WrittenEndpoints,
  found: readonly FoundFlow[],
  gaps: readonly Gap[],
): Promise<string> {
  const { Document } = await import("yaml");
  const flows = Object.fromEntries(found.map(({ name, words }) => [name, words]));
  const document = new Document({
    format: 1,
    ...(mode && { mode }),
    endpoints: endpoints.written(),
    flows,
  });
  for (const { name, words, why } of gaps) {
    let free = name;
    for (let number = 2; document.hasIn(["flows", free]); number += 1) free = `${name}-${number}`;
    const flow = document.createNode(words);
    flow.comment = ` ${MISSING}${why}`;
    document.setIn(["flows", free], flow);
  }
  return document.toString({ lineWidth: 0 });
}

/** What opens a data service beside the pods that use it: to state it as meant would hide that. */
function flowsBesidePods(estate: Estate, found: readonly FoundFlow[]): FoundFlow[] {
  const pairs = new Set(
    openBesidePods(estate).flatMap(({ group, rules }) =>
      rules.map(({ peer }) => `${partyOf(peer)} -> ${group}`),
    ),
  );
  return found.filter(({ from, to }) => pairs.has(`${from} -> ${to}`));
}

function besidePods(wide: readonly FoundFlow[]): string[] {
  return wide.length === 0
    ? []
    : [
        "Not added, because pods with their own security groups use these data services. Add what is intended:",
        ...wide.map(({ name, words }) => `  ${name}: ${words}`),
      ];
}

function unclearAccess(estate: Estate, endpoints: WrittenEndpoints): string[] {
  return unclearFlows(estate, endpoints).flatMap(({ service, flows }) => [
    `${service} allows none of the pods with their own security groups, and it is not known which of them use it. Add for those that do:`,
    ...flows.map((flow) => `  ${flow}`),
  ]);
}

/** The rules of which no flow can be written, since the input does not say whose they are, for whom or for what. */
function withoutFlows(rules: readonly SecurityGroupRule[]): string[] {
  const lines = rules.flatMap(({ address, unknownGroup, unknownTraffic, peer }) => {
    const unknown = [
      unknownGroup === undefined ? [] : `its group is ${unknownGroup}`,
      unknownTraffic === undefined ? [] : `its ${unknownTraffic.argument} is ${unknownTraffic.expression}`,
      partyOf(peer) === undefined ? `its peer is ${describePeer(peer)}` : [],
    ].flat();
    // What stands for several lines in the configuration is one comment.
    return unknown.length === 0 ? [] : `  ${address}: ${unknown.join("; ")}`.replace(/\s*\n\s*/g, " ");
  });
  return lines.length === 0
    ? []
    : ["No flow is written for these rules, because part of them is not known here:", ...new Set(lines)];
}
