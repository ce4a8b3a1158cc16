import { describeAll, describeTraffic, overlaps } from "../../network/traffic";
import { dataServices } from "../needs/data-services";
import type { Check } from "./check";
import { listed } from "./words";

export const check: Check = {
  id: "data-service-port",
  severity: "error",
  title: "The rules of a data service are for another port",
  why: "A data service listens on the port that it names, or on its engine's default. Where every ingress rule of its groups is for other ports, both halves of an access can agree and every connection still times out. A serverless cache needs its port for reading, too: without it, a warning. Silent where the port or a rule is not known, and where there are no rules at all.",
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
          message: `${resource.address} listens on ${describeAll(traffic)}${why}, and no ingress rule of its groups allows ${describeAll(closed)}: ${rules} ${ingress.length === 1 ? "is" : "are"} for ${listed(known.map(describeTraffic))}. Connections time out. Change the rules, and the egress rules towards it, to ${describeAll(traffic)}, or set the port of ${resource.address}.`,
        },
      ];
    }),
};
