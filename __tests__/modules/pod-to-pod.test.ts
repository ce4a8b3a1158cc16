import { describe, expect, test } from "vitest";
import { committedStack, defaultsOf } from "../support/project";
import { FROM, perRule, type RuleRow, TO } from "../support/rules";

const CLIENT = "var.client_security_group_id";
const SERVER = "var.server_security_group_id";
const OUT = "Egress: Allow ${each.key} to ${var.server_name}.";
const IN = "Ingress: Allow ${each.key} from ${var.client_name}.";

const ROWS: RuleRow[] = [
  ["client_egress_tcp_to_server", CLIENT, SERVER, "tcp", FROM, TO, "var.ports", OUT],
  ["server_ingress_tcp_from_client", SERVER, CLIENT, "tcp", FROM, TO, "var.ports", IN],
  ["client_egress_udp_to_server", CLIENT, SERVER, "udp", FROM, TO, "var.udp_ports", OUT],
  ["server_ingress_udp_from_client", SERVER, CLIENT, "udp", FROM, TO, "var.udp_ports", IN],
];

describe("the module pod-to-pod", () => {
  const module = committedStack("pod-to-pod");

  test("has both halves over TCP and over UDP, and nothing else", () => {
    expect(module.resource).toStrictEqual(perRule(ROWS, "${var.client_name}-${var.server_name}"));
  });

  test("opens no port that the caller does not name", () => {
    expect(defaultsOf(module)).toStrictEqual({
      platform: null,
      tags: {},
      own_tags: null,
      rule_tags: null,
      descriptions: {},
      udp_ports: {},
    });
  });
});
