import { describeAll, describeTraffic, overlaps } from "../../network/traffic";
import { dataServices } from "../needs/data-services";
import type { Check } from "./check";
import { listed } from "./words";

export const check: Check = {
  id: "data-service-port",
  severity: "error",
  title: "The rules of a data service are for another port",
  why: "A data service listens on the port that it declares, or on the default port of its engine. If every ingress rule of its groups is for other ports, the egress and ingress rules can match and every connection still times out. A serverless cache also needs its read port: without it, a warning. Silent if the port or a rule is not known, and if there are no rules at all.",
  reference: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
  run: (context) =>
    dataServices(context).flatMap(({ resource, traffic, needs, ingress }) => {
      const known = ingress.flatMap((rule) => (rule.traffic ? [rule.traffic] : []));
      if (traffic === undefined || known.length === 0 || known.length < ingress.length) return [];
      const closed = traffic.filter((one) => !known.some((rule) => overlaps(rule, one)));
      if (closed.length === 0 || (needs === "one" && closed.length < traffic.length)) return [];
      const isPartial = closed.length < traffic.length;
      const rules = listed(ingress.map(({ address }) => address));
      const engine = resource.values["engine"];
      const why = typeof engine === "string" ? ` (engine ${engine})` : "";
      return [
        {
          address: resource.address,
          source: resource.source,
          severity: isPartial ? ("warning" as const) : ("error" as const),
          about: closed.map(describeTraffic),
          message: `${resource.address} listens on ${describeAll(traffic)}${why}, but no ingress rule of its groups allows ${describeAll(closed)}: ${rules} ${ingress.length === 1 ? "is" : "are"} for ${listed(known.map(describeTraffic))}. Connections time out. Change these rules, and the egress rules to it, to ${describeAll(traffic)}, or set the port of ${resource.address}.`,
        },
      ];
    }),
};
