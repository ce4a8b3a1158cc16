import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataServiceStack } from "../../modules/data-service";
import { PodBaselineStack } from "../../modules/pod-baseline";
import { PodGroupStack } from "../../modules/pod-group";
import { PodToPodStack } from "../../modules/pod-to-pod";
import type { RuleForm } from "../../modules/shared/rule-form";
import { synthesize } from "../../synth/synthesize";
import { takeInventory } from "../../verify/inventory";
import { ruleMeaning } from "../../verify/inventory/meaning";
import { readInput } from "../../verify/read";
import { temporaryFolder } from "../support/folders";

/** The modules in a form, synthesized into a folder of their own. */
function modulesIn(ruleForm: RuleForm): string {
  const folder = temporaryFolder();
  synthesize(
    {
      "pod-group": (app, id) => new PodGroupStack(app, id, { ruleForm }),
      "pod-baseline": (app, id) => new PodBaselineStack(app, id, { ruleForm }),
      "pod-to-pod": (app, id) => new PodToPodStack(app, id, { ruleForm }),
      msk: (app, id) => new DataServiceStack(app, id, "msk", { ruleForm }),
      "tcp-service": (app, id) => new DataServiceStack(app, id, "tcp-service", { ruleForm }),
    },
    folder,
  );
  return join(folder, "stacks");
}

/** The rules of calls, in the words of the verifier's reader: names and keys, meaning, description. */
async function rulesOf(
  form: RuleForm,
  root: string,
  modules: string,
  calls: readonly Call[],
): Promise<string[]> {
  const module = Object.fromEntries(
    calls.map(({ source, ...values }, index) => [
      `m${index}`,
      { ...values, source: relative(root, join(modules, source)) },
    ]),
  );
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, "main.tf.json"), JSON.stringify({ module }));
  const { rules } = takeInventory(await readInput(root));
  return rules.map((rule) => {
    const address = rule.address.replace(/aws_(vpc_)?security_group_((in|e)gress_)?rule\./, "");
    expect(rule.form, address).toBe(form);
    expect(rule.doubts, address).toBeUndefined();
    expect(ruleMeaning(rule), address).toBeDefined();
    return `${address}: ${ruleMeaning(rule)}, ${rule.description}`;
  });
}

type Call = Readonly<Record<string, unknown>> & { readonly source: string };

const digits = fc.integer({ min: 0x10000000, max: 0x7fffffff }).map((number) => number.toString(16));
const group = digits.map((id) => `sg-${id}`);
const key = fc.stringMatching(/^[a-z][a-z0-9_]{0,5}$/);
const range = fc
  .tuple(fc.integer({ min: 0, max: 65535 }), fc.integer({ min: 0, max: 65535 }))
  .map(([one, other]) => (one === other ? `${one}` : `${Math.min(one, other)}-${Math.max(one, other)}`));
const ports = fc.dictionary(key, range, { maxKeys: 3 });
const somePorts = fc.dictionary(key, range, { minKeys: 1, maxKeys: 3 });
const cidrIpv4 = fc.integer({ min: 0, max: 255 }).map((octet) => `10.${octet}.0.0/16`);
const peer = fc.oneof(
  cidrIpv4.map((cidr_ipv4) => ({ cidr_ipv4 })),
  fc.constantFrom("::/0", "2001:db8::/32").map((cidr_ipv6) => ({ cidr_ipv6 })),
  digits.map((id) => ({ prefix_list_id: `pl-${id}` })),
);
const anyPeer = fc.oneof(
  peer,
  group.map((security_group_id) => ({ security_group_id })),
);
const traffic = fc.oneof(
  fc.record({ ports: range }),
  fc.record({ protocol: fc.constantFrom("tcp", "udp"), ports: range }),
  fc.record(
    {
      protocol: fc.constantFrom("icmp", "icmpv6"),
      icmp_type: fc.integer({ min: 0, max: 255 }),
      icmp_code: fc.integer({ min: 0, max: 255 }),
    },
    { requiredKeys: ["protocol", "icmp_type"] },
  ),
);
const peersWithTraffic = fc.dictionary(
  key,
  fc.tuple(anyPeer, traffic).map(([one, other]) => ({ ...one, ...other })),
  { maxKeys: 3 },
);

const PLACE = { vpc_id: "vpc-0a1b2c3d4e5f60000", platform: "shop" };

const access = fc.record({
  security_groups: fc.record({ k8s_worker: group, k8s_ingress: group }),
  probe_ports: ports,
  ingress_ports: ports,
  dns_cidrs: fc.dictionary(
    key,
    cidrIpv4.map((cidr_ipv4) => ({ cidr_ipv4 })),
    { maxKeys: 2 },
  ),
  manage_dns_ingress: fc.boolean(),
  internet_protocols: fc.subarray(["http", "https"]),
  internet_targets: fc.dictionary(key, peer, { minKeys: 1, maxKeys: 3 }),
  vpc_endpoint_security_groups: fc.dictionary(key, group, { maxKeys: 2 }),
});

/** Calls of all modules with any of their options. */
const calls: fc.Arbitrary<Call[]> = fc.tuple(
  fc
    .tuple(
      access,
      fc.record({ self_ports: ports, ingress_sources: peersWithTraffic, egress_targets: peersWithTraffic }),
    )
    .map(([one, other]) => ({ source: "pod-group", name: "orders", ...PLACE, ...one, ...other })),
  access.map((one) => ({ source: "pod-baseline", cluster_name: "example", ...PLACE, ...one })),
  fc.record({ ports: somePorts, udp_ports: ports, client: group, server: group }).map((one) => ({
    source: "pod-to-pod",
    platform: "shop",
    client_name: "orders",
    client_security_group_id: one.client,
    server_name: "payments",
    server_security_group_id: one.server,
    ports: one.ports,
    udp_ports: one.udp_ports,
  })),
  fc
    .record({ pods_security_group_id: group, member_ports: ports })
    .map((one) => ({ source: "msk", name: "orders", ...PLACE, ...one })),
  fc
    .record({ pods_security_group_id: group, ports: somePorts, member_ports: ports })
    .map((one) => ({ source: "tcp-service", name: "orders", service_name: "search", ...PLACE, ...one })),
);

describe("rules in the form classic", () => {
  test("have the names, keys, meaning and descriptions of those in the form per-rule, whatever the options", async () => {
    const classic = modulesIn("classic");
    const perRule = modulesIn("per-rule");
    const root = join(temporaryFolder(), "root");
    await fc.assert(
      fc.asyncProperty(calls, async (some) => {
        const expected = await rulesOf("per-rule", root, perRule, some);
        // Both halves of a port of pod-to-pod and of tcp-service at least, and those of msk's four.
        expect(expected.length).toBeGreaterThanOrEqual(12);
        expect((await rulesOf("classic", root, classic, some)).sort()).toStrictEqual(expected.sort());
      }),
      { numRuns: 15 },
    );
  });
});
