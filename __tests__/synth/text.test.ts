import { ref, TerraformVariable, Token } from "cdktf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../io/errors";
import { expression, text, textIn } from "../../synth/text";
import { awkwardPiece } from "../support/awkward-text";
import { configurationOf, type TestRoot } from "../support/stacks";

type Value = (reference: string) => unknown;

/** What output values become in the written JSON; `reference` makes the `var.v` that may stand in them. */
function writtenAll(values: readonly Value[]): unknown[] {
  const configuration = configurationOf((root) => {
    const variable = new TerraformVariable(root, "v", {});
    for (const [index, value] of values.entries()) root.output(`o${index}`, value(variable.stringValue));
  });
  return values.map((_, index) => configuration.output[`o${index}`]?.value);
}

const written = (value: Value) => writtenAll([value])[0];

/**
 * What Terraform makes of a template, by the rules of HCL: an independent, naive reading that knows the two
 * escapes, references to `var.v` and the strings that `text` writes as `${"…"}`. Anything else that opens a template is an error.
 */
function evaluate(template: string): string {
  const pieces: [RegExp, (match: RegExpExecArray) => string][] = [
    [/^\$\$\{/, () => "${"],
    [/^%%\{/, () => "%{"],
    [/^\$\{var\.v\}/, () => "<v>"],
    [/^\$\{"(\$+|TfToken|e)"\}/, (match) => match[1] as string],
    [/^(?![$%]\{)[\s\S]/, (match) => match[0]],
  ];
  let rest = template;
  let result = "";
  while (rest.length > 0) {
    const found = pieces
      .map(([pattern, meaning]) => ({ match: pattern.exec(rest), meaning }))
      .find(({ match }) => match !== null);
    if (!found?.match)
      throw new Error(`a template opens in ${JSON.stringify(template)}, at ${JSON.stringify(rest)}`);
    result += found.meaning(found.match);
    rest = rest.slice(found.match[0].length);
  }
  return result;
}

/** What cdktf would take for tokens that it then does not know. */
const LOOKALIKES = [
  "${TfToken[0]}",
  "${TfToken[x]}",
  "#{TfToken[x]}",
  "&{TfToken[x]}",
  "-8.3711609936427e+298",
];

const REFERENCE = Symbol("a reference to var.v");

describe("text of a TypeScript user", () => {
  test("reaches Terraform as text, whatever is in it, and references in it resolve", () => {
    const piece = fc.oneof(
      awkwardPiece,
      // Not the keys of tokens that exist: those cannot be told from references.
      fc.constantFrom("TfToken[", "]}", ...LOOKALIKES),
      fc.constant(REFERENCE),
    );
    const pieces = fc.array(piece, { maxLength: 10 });
    const joined = (pieces: readonly (string | symbol)[], reference: string) =>
      pieces.map((piece) => (typeof piece === "symbol" ? reference : piece)).join("");
    fc.assert(
      // Many at a time: a synthesis costs more than the text in it.
      fc.property(fc.array(pieces, { minLength: 100, maxLength: 100 }), (cases) => {
        const templates = writtenAll(cases.map((pieces) => (reference) => joined(pieces, reference)));
        expect(templates.map((template) => evaluate(template as string))).toStrictEqual(
          cases.map((pieces) => joined(pieces, "<v>")),
        );
      }),
      { numRuns: 20 },
    );
  });

  test.each([
    ["plain", "plain"],
    ["${a}", "$${a}"],
    ["%{if a}", "%%{if a}"],
    ["$${a}", "$$${a}"],
    ["100% $5 {}", "100% $5 {}"],
  ])("%j is written as %j", (input, output) => {
    expect(text(input)).toBe(output);
    expect(written(() => input)).toBe(output);
  });

  test.each(LOOKALIKES)("%s is text, alone, beside a reference, in lists and as a key", (lookalike) => {
    const [alone, beside, list, map] = writtenAll([
      () => lookalike,
      (reference) => `${lookalike}${reference}$${lookalike}`,
      () => [lookalike],
      () => ({ [lookalike]: 1 }),
    ]);
    expect(evaluate(alone as string)).toBe(lookalike);
    expect(evaluate(beside as string)).toBe(`${lookalike}<v>$${lookalike}`);
    expect((list as string[]).map(evaluate)).toStrictEqual([lookalike]);
    expect(Object.keys(map as object).map(evaluate)).toStrictEqual([lookalike]);
  });

  test("references of every kind resolve", () => {
    const configuration = configurationOf((root) => {
      const v = new TerraformVariable(root, "v", {});
      root.output("o", {
        string: v.stringValue,
        number: v.numberValue,
        inText: `costs $${v.numberValue}`,
        list: v.listValue,
        numbers: Token.asNumberList(v.value),
        map: Token.asStringMap(v.value),
        any: v.value,
      });
    });
    expect(configuration.output["o"]?.value).toStrictEqual({
      string: "${var.v}",
      number: "${var.v}",
      inText: 'costs ${"$"}${var.v}',
      list: "${var.v}",
      numbers: "${var.v}",
      map: "${var.v}",
      any: "${var.v}",
    });
  });

  test("a list's reference inside text is an error of cdktf, not text", () => {
    expect(() => written((reference) => `${Token.asList(ref(reference))}`)).toThrow(/list token/i);
  });

  test("a dollar before a reference does not escape it", () => {
    expect(written((reference) => `costs $${reference}`)).toBe('costs ${"$"}${var.v}');
  });

  test("keys of a map are text too, and what is no string stays as it is", () => {
    expect(written(() => ({ "${k}": [1, true, null, { a: "%{b}" }] }))).toStrictEqual({
      "$${k}": [1, true, null, { a: "%%{b}" }],
    });
  });

  test("an expression stays an expression", () => {
    expect(written(() => expression('var.groups["a"]'))).toBe('${var.groups["a"]}');
    expect(written(() => ({ list: [expression("concat(var.a, var.b)")] }))).toStrictEqual({
      list: ["${concat(var.a, var.b)}"],
    });
  });
});

describe("what is no plain data is refused, and nothing skips the escapes", () => {
  class Group {
    constructor(readonly name: string) {}
  }
  const cyclic: Record<string, unknown> = { a: 1 };
  cyclic["self"] = [cyclic];
  const accepted =
    "must be a string, a number, true, false, null, a reference, or a list or a plain object of these";

  test.each<[string, unknown, string]>([
    ["an object of a class", { a: new Group("${x}") }, `v.a: ${accepted} (given: an object of class Group)`],
    ["a map", new Map([["a", 1]]), `v: ${accepted} (given: an object of class Map)`],
    ["a date", [new Date(0)], `v[0]: ${accepted} (given: an object of class Date)`],
    ["nothing", undefined, `v: ${accepted} (given: nothing)`],
    ["a hole in a list", [1, undefined], `v[1]: ${accepted} (given: nothing)`],
    ["a BigInt", { a: [10n] }, `v.a[0]: ${accepted} (given: the BigInt 10)`],
    ["NaN", { a: { b: Number.NaN } }, `v.a.b: ${accepted} (given: NaN)`],
    ["Infinity", -Infinity, `v: ${accepted} (given: -Infinity)`],
    ["a symbol", Symbol("s"), `v: ${accepted} (given: Symbol(s))`],
    ["a function", { f: () => 1 }, `v.f: ${accepted} (given: a function)`],
    ["a value in itself", cyclic, "v.self[0]: must not contain itself"],
    ["a prototype", JSON.parse('{"a":{"__proto__":{"b":1}}}'), 'v.a: must not have a key "__proto__"'],
  ])("%s", (_what, value, problem) => {
    let error: unknown;
    try {
      textIn(value, "v");
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).problems).toStrictEqual([problem]);
    expect(({} as Record<string, unknown>)["b"]).toBeUndefined();
  });

  test("all at once", () => {
    expect(() => textIn({ a: Number.NaN, b: [() => 1] }, "v")).toThrow(/^v\.a: .*\nv\.b\[0\]: /);
  });

  test.each<[string, (root: TestRoot) => void, string]>([
    ["a local", (root) => root.local("x", { a: Number.NaN }), 'local "x": its value.a: must be'],
    ["an output", (root) => root.output("x", undefined), 'output "x": its value: must be'],
    [
      "a construct as an output",
      (root) => root.output("x", root.resource("r", "r")),
      "(given: the construct root/r; pass one of its attributes)",
    ],
  ])("in %s, which is named", (_place, build, message) => {
    expect(() => configurationOf(build)).toThrow(InputError);
    expect(() => configurationOf(build)).toThrow(message);
  });

  test("objects without a prototype are plain, one value may stand twice, and undefined is left out", () => {
    const group = Object.assign(Object.create(null), { name: "${x}", left: undefined });
    expect(textIn([group, group])).toStrictEqual([{ name: "$${x}" }, { name: "$${x}" }]);
  });
});

describe("text is escaped exactly where Terraform evaluates templates", () => {
  const TEXT = "a ${b} %{c}";
  const ESCAPED = "a $${b} %%{c}";
  const configuration = configurationOf(
    (root) => {
      root.variable("v", { type: "string", description: TEXT, default: TEXT, example: "" });
      root.local("l", TEXT);
      root.output("o", TEXT, TEXT);
      root.call("m", { platform: TEXT });
      root.resource("r", text(TEXT));
      root.dataSource("d", text(TEXT));
    },
    { backend: { type: "s3", bucket: TEXT, key: TEXT, region: "eu-west-1" } },
  );

  test.each([
    ["a local", ESCAPED, () => configuration.locals["l"]],
    ["an output's value", ESCAPED, () => configuration.output["o"]?.value],
    ["a module call's value", ESCAPED, () => configuration.module["m"]?.["platform"]],
    ["a resource's argument", ESCAPED, () => configuration.resource["aws_security_group"]?.["r"]?.["name"]],
    ["a data source's argument", ESCAPED, () => configuration.data["aws_region"]?.["d"]?.["name"]],
    ["a variable's default", TEXT, () => configuration.variable["v"]?.["default"]],
    ["a variable's description", TEXT, () => configuration.variable["v"]?.["description"]],
    ["an output's description", TEXT, () => configuration.output["o"]?.description],
    [
      "a backend's setting",
      TEXT,
      () => (configuration.terraform["backend"] as { s3: { bucket: string } }).s3.bucket,
    ],
  ])("in %s", (_place, expected, actual) => {
    expect(actual()).toBe(expected);
  });

  test("a module call's source is the folder, as it is", () => {
    expect(configuration.module["m"]?.["source"]).toBe("../rds-mysql");
  });
});

describe("a reference where Terraform evaluates nothing is refused", () => {
  const withDefault = (value: (v: TerraformVariable) => unknown) => (root: TestRoot, v: TerraformVariable) =>
    root.variable("x", { type: "any", description: "d", default: value(v), example: "" });
  const refused = 'variable "x": its default refers to another value';

  test.each<[string, (root: TestRoot, v: TerraformVariable) => void, string]>([
    ["a variable's default", withDefault((v) => v.stringValue), refused],
    ["a default with a part of it", withDefault((v) => ({ a: [`x${v.stringValue}`] })), refused],
    ["a default, as a number", withDefault((v) => v.numberValue), refused],
    ["a default, as a number in text", withDefault((v) => `${v.numberValue}`), refused],
    ["a default, as a list", withDefault((v) => ({ a: v.listValue })), refused],
    ["a default, as a list of numbers", withDefault((v) => Token.asNumberList(v.value)), refused],
    ["a default, as a map", withDefault((v) => [Token.asStringMap(v.value)]), refused],
    ["a default, as any value", withDefault((v) => [v.value]), refused],
    ["a default's key", withDefault((v) => ({ [v.stringValue]: 1 })), refused],
    ["a default, as what only looks like one", withDefault(() => "${TfToken[x]}"), refused],
    [
      "a variable's description",
      (root, v) => root.variable("x", { type: "string", description: v.stringValue, example: "" }),
      'variable "x": its description refers',
    ],
    [
      "an output's description",
      (root, v) => root.output("x", "", v.stringValue),
      'output "x": its description refers',
    ],
  ])("in %s", (_place, build, message) => {
    const attempt = () => configurationOf((root) => build(root, new TerraformVariable(root, "v", {})));
    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(message);
  });

  test("a default that is no plain data is refused too", () => {
    expect(() =>
      configurationOf((root) => withDefault(() => ({ a: [10n] }))(root, undefined as never)),
    ).toThrow('variable "x": its default.a[0]: must be a string');
  });
});
