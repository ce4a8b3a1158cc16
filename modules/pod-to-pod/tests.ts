import type { ModuleTest } from "../../synth/contract";
import { EXAMPLE } from "../shared/ids";
import {
  type ExpectedRules,
  existingRuns,
  rulesAre,
  rulesAreTagged,
  TAGGED_PLACE,
  tagRuns,
} from "../shared/rule-assertions";
import type { RuleForm } from "../shared/rule-form";

const CLIENT = EXAMPLE.pods;
const SERVER = EXAMPLE.other;

const NAMES = [
  "client_egress_tcp_to_server",
  "server_ingress_tcp_from_client",
  "client_egress_udp_to_server",
  "server_ingress_udp_from_client",
];

/** Both halves of the access, of ports by their keys. */
function halves(
  protocol: "tcp" | "udp",
  ports: Readonly<Record<string, string>>,
): Record<string, ExpectedRules> {
  const each = (rule: (key: string) => Omit<ExpectedRules[string], "traffic">): ExpectedRules =>
    Object.fromEntries(
      Object.entries(ports).map(([key, range]) => [key, { ...rule(key), traffic: `${protocol} ${range}` }]),
    );
  return {
    [`client_egress_${protocol}_to_server`]: each((key) => ({
      group: CLIENT,
      security_group_id: SERVER,
      description: `Egress: Allow ${key} to payments.`,
    })),
    [`server_ingress_${protocol}_from_client`]: each((key) => ({
      group: SERVER,
      security_group_id: CLIENT,
      description: `Ingress: Allow ${key} from orders.`,
    })),
  };
}

/** What a caller relies on: both halves of every port. */
export function tests(form: RuleForm): Record<string, ModuleTest> {
  return {
    plan: {
      ...TAGGED_PLACE,
      runs: [
        {
          name: "every_port_has_both_halves",
          command: "apply",
          variables: { ports: { http: 8080, grpc: "9000-9010" }, udp_ports: { statsd: 8125 } },
          assert: [
            ...rulesAre(form, NAMES, {
              ...halves("tcp", { http: "8080-8080", grpc: "9000-9010" }),
              ...halves("udp", { statsd: "8125-8125" }),
            }),
            ...rulesAreTagged(form, NAMES, "orders-payments"),
          ],
        },
        {
          name: "udp_alone_is_a_choice",
          command: "apply",
          variables: { ports: {}, udp_ports: { rtp: "10000-10100" } },
          assert: rulesAre(form, NAMES, halves("udp", { rtp: "10000-10100" })),
        },
        ...tagRuns({ groups: {}, form, rules: NAMES, prefix: "orders-payments" }),
        ...existingRuns({
          groups: [],
          form,
          rules: NAMES,
          rule: { name: "client_egress_tcp_to_server", keys: ["http", "grpc"] },
          variables: { ports: { http: 8080, grpc: "9000-9010" } },
        }),
      ],
    },
  };
}
