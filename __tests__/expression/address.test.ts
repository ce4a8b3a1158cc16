import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Address,
  callerOf,
  formatAddress,
  keysIn,
  moduleOf,
  parseAddress,
  relativeTo,
  withKey,
  withoutKeys,
  withoutLastKey,
} from "../../expression/address";

const hostile = fc.string({
  unit: fc.constantFrom(
    "a",
    ".",
    "/",
    "[",
    "]",
    '"',
    "\\",
    "$",
    "%",
    "{",
    "}",
    "\n",
    "\b",
    "\f",
    " ",
    "é",
    "😀",
  ),
});
const key = fc.oneof(hostile, fc.string({ unit: "binary" }), fc.nat(1000));
const name = fc.constantFrom("w", "data", "module", "a-b", "_x", "é1");
const keyed = fc.record({ name, key }, { requiredKeys: ["name"] });
const resource = fc.record(
  {
    mode: fc.constantFrom("managed" as const, "data" as const),
    type: fc.constantFrom("aws_security_group", "null_resource"),
    name,
    key,
  },
  { requiredKeys: ["mode", "type", "name"] },
);
const address: fc.Arbitrary<Address> = fc.record(
  { calls: fc.array(keyed, { maxLength: 3 }), resource },
  { requiredKeys: ["calls"] },
);

it("parses what it has formatted, whatever the keys are", () => {
  fc.assert(
    fc.property(address, (one) => {
      expect(parseAddress(formatAddress(one))).toEqual(one);
    }),
  );
});

it("takes addresses apart without looking into their keys", () => {
  fc.assert(
    fc.property(address, ({ calls, resource: own }) => {
      const module = formatAddress({ calls });
      const text = formatAddress({ calls, ...(own && { resource: own }) });
      expect(moduleOf(text)).toBe(module);
      expect(callerOf(module)).toBe(formatAddress({ calls: calls.slice(0, -1) }));
      expect(relativeTo(module, text)).toBe(own ? formatAddress({ calls: [], resource: own }) : module);
      expect(keysIn(text).map((one) => one.key)).toStrictEqual(
        [...calls, ...(own ? [own] : [])].flatMap((one) => one.key ?? []),
      );
      const bare = calls.map((call) => ({ name: call.name }));
      const { key: _, ...all } = own ?? { key: undefined };
      expect(withoutKeys(text)).toBe(
        formatAddress({ calls: bare, ...(own && { resource: all as typeof own }) }),
      );
    }),
  );
});

it("takes a key off the end", () => {
  fc.assert(
    fc.property(key, (one) => {
      expect(withoutLastKey(withKey("a.b", one))).toBe("a.b");
    }),
  );
});

describe("spelling", () => {
  it.each([
    ['module.w["a]b"].aws_security_group.pods.id', 'module.w["a]b"]'],
    ['module.w["a.module.b/c"].module.x[0].var.y', 'module.w["a.module.b/c"].module.x[0]'],
    ["module.w.out", "module.w"],
    ["aws_security_group.pods", ""],
    ["", ""],
  ])("finds the module of %s", (text, module) => {
    expect(moduleOf(text)).toBe(module);
  });

  it("writes keys as Terraform does", () => {
    expect(withKey("a.b", '${x} "\\')).toBe('a.b["$${x} \\"\\\\"]');
  });

  it.each(["a", "aws_security_group.pods.id", "module.", "a.b[", 'a.b["x]', "module.a."])(
    "knows that %s is no address",
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );
});
