import { describeTraffic, type TrafficSet, trafficOf } from "../../network/traffic";

/** Traffic as `flows.yaml` writes it. */
export function trafficWords(traffic: TrafficSet): string {
  return trafficOf(traffic)
    .map((part) => {
      if (part.protocol === "all") return "all";
      if (part.protocol === "other") return `protocol ${part.number}`;
      return describeTraffic(part).replace(" type ", " ").replace(" code ", " ");
    })
    .join(", ");
}
