import { ref } from "cdktf";
import { describe, expect, test } from "vitest";
import { podGroup } from "../../modules/pod-group/contract";
import { MODULES } from "../../modules/registry";
import { refusedValues } from "../../synth/check-values";
import { type AnyModuleContract, exampleValues } from "../../synth/contract";
import { expression } from "../../synth/text";

/*
 * The module's own `terraform test` shows what Terraform says of these values; here is that synthesis says the same.
 */
const CONTRACTS = Object.values(MODULES).map(({ contract }) => contract);

/** A variable that modules have in the same words, such as all data services, is looked at in the first of them. */
const seen = new Set<string>();
const isNew = ([name, spec]: [string, unknown]) => {
  const variable = JSON.stringify([name, spec]);
  return !seen.has(variable) && seen.add(variable);
};

describe.each(CONTRACTS)("values of $name", (contract) => {
  const example = exampleValues(contract.variables);
  const variables = Object.entries(contract.variables);
  const own = variables.filter(isNew);

  test("the example of its document is accepted", () => {
    expect(refusedValues(contract, example)).toStrictEqual([]);
  });

  const refused = own.flatMap(([name, { validations = [] }]) =>
    validations.flatMap(({ message, refused }) =>
      Object.entries(refused).map(([label, value]) => ({ label, name, value, message })),
    ),
  );
  test.each(refused)("$label is refused with the validation's message", ({ name, value, message }) => {
    const problems = refusedValues(contract, { ...example, [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${name}: ${message} (given: `);
  });

  const accepted = own.flatMap(([name, { accepted = {} }]) =>
    Object.entries(accepted).map(([label, value]) => ({ label, name, value })),
  );
  test.each(accepted)("$label is accepted", ({ name, value }) => {
    expect(refusedValues(contract, { ...example, [name]: value })).toStrictEqual([]);
  });

  const contradictions = (contract.preconditions ?? []).flatMap(({ message, refused }) =>
    Object.entries(refused).map(([label, values]) => ({ label, values, message })),
  );
  test.each(contradictions)("$label is refused with the precondition's message", ({ values, message }) => {
    expect(refusedValues(contract, { ...example, ...values })).toStrictEqual([message]);
  });

  test("references are left to Terraform", () => {
    for (const reference of [expression("local.given"), ref("local.given")]) {
      const values = Object.fromEntries(variables.map(([name]) => [name, reference]));
      expect(refusedValues(contract, values)).toStrictEqual([]);
    }
  });
});

const REQUIRED = exampleValues((podGroup as unknown as AnyModuleContract).variables);

describe("a value of another type than the variable's is refused, with its place", () => {
  test.each([
    ["text as a map", { probe_ports: "8080" }, 'probe_ports: must be a map (given: "8080")'],
    ["a list as a map", { probe_ports: [8080] }, "probe_ports: must be a map (given: [8080])"],
    ["an object as a port", { probe_ports: { a: {} } }, "probe_ports.a: must be text (given: {})"],
    ["a word as a boolean", { on_baseline: "yes" }, 'on_baseline: must be true or false (given: "yes")'],
    [
      "text as a list",
      { internet_protocols: "https" },
      'internet_protocols: must be a list (given: "https")',
    ],
    [
      "text as a peer",
      { egress_targets: { a: "10.0.0.0/8" } },
      'egress_targets.a: must be an object (given: "10.0.0.0/8")',
    ],
    [
      "an attribute that Terraform would drop",
      { security_groups: { k8s_worker: "sg-0a1b2c3d", k8s_ingress: "sg-0a1b2c3e", core_dns: "sg-0a1b2c3f" } },
      'security_groups: has no attribute "core_dns"; it has k8s_worker, k8s_ingress, coredns',
    ],
  ])("%s", (_, values, problem) => {
    expect(refusedValues(podGroup as unknown as AnyModuleContract, { ...REQUIRED, ...values })).toStrictEqual(
      [problem],
    );
  });

  test("what Terraform converts is accepted", () => {
    const values = { probe_ports: { a: 8080 }, on_baseline: "false", manage_dns_ingress: null };
    expect(refusedValues(podGroup as unknown as AnyModuleContract, { ...REQUIRED, ...values })).toStrictEqual(
      [],
    );
  });
});
