import { intersect } from "../../network/intervals";
import type { Flow } from "../expect/model";
import { conditionsToRefuse, distinct } from "./conditions";
import { describeHalf, type Part, rulesAdmitting, unique } from "./halves";
import type { Condition, Verdict } from "./model";

/** Every packet of the flow must be refused by a half. */
export function judgeDeny(flow: Flow, parts: readonly Part[]): Verdict {
  const openedBy: string[] = [];
  const conditions: Condition[] = [];
  let isOpen = false;
  for (const { packets, egress, ingress } of parts) {
    const { traffic } = packets;
    for (const { admission: out } of egress.admissions) {
      for (const { admission: into } of ingress.admissions) {
        const certain = intersect(traffic, intersect(out.certain, into.certain));
        const possible = intersect(traffic, intersect(out.possible, into.possible));
        if (certain.length > 0) {
          isOpen = true;
          openedBy.push(...rulesAdmitting(out, certain), ...rulesAdmitting(into, certain));
        } else if (possible.length > 0) {
          conditions.push(...conditionsToRefuse(out, into, possible, (part) => part));
        }
      }
    }
  }
  const halves = (["egress", "ingress"] as const).map((direction) =>
    describeHalf(
      flow,
      parts.map((part) => part[direction]),
    ),
  );
  if (isOpen)
    return { flow, status: "broken", halves, conditions: [], cures: [], openedBy: unique(openedBy) };
  const status = conditions.length > 0 ? "holds-if" : "holds";
  return { flow, status, halves, conditions: distinct(conditions), cures: [], openedBy: [] };
}
