import type { Direction } from "../../network/rules";
import type { Endpoint, Flow } from "../expect/model";
import type { RuleIndex } from "../inventory/rule-index";
import { judgeAllow } from "./allow";
import { judgeDeny } from "./deny";
import { packetsOf } from "./families";
import { judgeHalf, type Part } from "./halves";
import type { Half, Impossible, Verdict } from "./model";
import { ifGroupsCanBe } from "./refused";

/** Judges a flow as if this endpoint sent it. */
export function judgeBetween(index: RuleIndex, flow: Flow, from: Endpoint): Verdict {
  const families = packetsOf(flow, from, flow.to);
  if ("kind" in families) return impossibleVerdict(flow, from, families);
  const parts = families.map(
    (packets): Part => ({
      packets,
      egress: judgeHalf(index, flow, "egress", from, flow.to, packets),
      ingress: judgeHalf(index, flow, "ingress", flow.to, from, packets),
    }),
  );
  const verdict = flow.expect === "allow" ? judgeAllow(index, flow, parts) : judgeDeny(flow, parts);
  return ifGroupsCanBe(index, verdict);
}

/** No packet gets through that cannot exist. */
function impossibleVerdict(flow: Flow, from: Endpoint, impossible: Impossible): Verdict {
  const half = (direction: Direction, endpoint: Endpoint): Half => ({
    direction,
    endpoint,
    admittedBy: [],
    missing: [],
    isClosed: false,
  });
  return {
    flow,
    status: flow.expect === "allow" ? "broken" : "holds",
    halves: [half("egress", from), half("ingress", flow.to)],
    conditions: [],
    impossible,
    cures: [],
    openedBy: [],
  };
}
