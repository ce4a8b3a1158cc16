import {
  DefaultTokenResolver,
  Lazy,
  ref,
  StringConcat,
  TerraformStack,
  TerraformVariable,
  Testing,
  Token,
  Tokenization,
} from "cdktf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resolve } from "../../synth/render";

const stack = new TerraformStack(Testing.app(), "stack");
const variable = new TerraformVariable(stack, "v", {});

/** The same by cdktf alone. */
const byCdktf = (value: unknown) =>
  Tokenization.resolve(value, {
    scope: stack,
    resolver: new DefaultTokenResolver(new StringConcat()),
    preparing: true,
  });

/** Every kind of token that cdktf has, alone and in text. */
const token = fc.constantFrom<unknown>(
  variable.stringValue,
  `a ${variable.stringValue} and ${variable.stringValue}`,
  variable.numberValue,
  `costs ${variable.numberValue}`,
  variable.listValue,
  Token.asNumberList(ref("var.numbers")),
  Token.asStringMap(ref("var.map")),
  variable.value,
  Lazy.anyValue({ produce: () => ({ late: [variable.stringValue, undefined] }) }),
);
const plain = fc.oneof(
  fc.string(),
  fc.constantFrom("${var.written}", "$${escaped}", "-8.5", "a } b", ""),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.constantFrom(true, false, null, undefined),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    plain,
    token,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constant(variable.stringValue)), tie("value"), { maxKeys: 4 }),
  ),
}));

describe("a value with its tokens resolved", () => {
  test("is what cdktf makes of it", () => {
    fc.assert(
      fc.property(value, (one) => {
        expect(resolve(stack, one)).toStrictEqual(byCdktf(one));
      }),
      { numRuns: 300 },
    );
  });

  test.each<[string, unknown]>([
    ["a function", { a: [1, { f: () => 1 }] }],
    ["a construct", { a: { b: variable } }],
    ["a list's token in text", { a: `x ${Token.asList(ref("var.l"))}` }],
    ["a list's token beside another value", { a: [...variable.listValue, "b"] }],
    ["a token's numbers beside others", { a: [1, ...Token.asNumberList(ref("var.l"))] }],
    ["a map's token beside another key", { ...Token.asStringMap(ref("var.m")), b: "c" }],
    ["a value taken out of a map's token", { a: Object.values(Token.asStringMap(ref("var.m")))[0] }],
  ])("fails with cdktf's words and the place in the whole: %s", (_, wrong) => {
    const words = (attempt: () => unknown) => {
      try {
        return attempt();
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(words(() => resolve(stack, wrong))).toStrictEqual(words(() => byCdktf(wrong)));
  });

  test("of an object that holds itself is an error", () => {
    const cyclic: Record<string, unknown> = { a: variable.stringValue };
    cyclic["self"] = [cyclic];
    expect(() => resolve(stack, cyclic)).toThrow(/circular/);
  });

  test("is a copy, so that what is merged into one stack reaches no other", () => {
    const shared = { tags: { a: "b" }, list: [{ c: 1 }] };
    const result = resolve(stack, { shared })["shared"] as typeof shared;
    expect(result).toStrictEqual(shared);
    expect(result).not.toBe(shared);
    expect(result.tags).not.toBe(shared.tags);
    expect(result.list[0]).not.toBe(shared.list[0]);
  });
});
