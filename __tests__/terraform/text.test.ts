import { TerraformVariable } from "cdktf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expression, text } from "../../terraform/text";
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
 * escapes, references to `var.v` and strings of dollars in `${"…"}`. Anything else that opens a template is an error.
 */
function evaluate(template: string): string {
  const pieces: [RegExp, (match: RegExpExecArray) => string][] = [
    [/^\$\$\{/, () => "${"],
    [/^%%\{/, () => "%{"],
    [/^\$\{var\.v\}/, () => "<v>"],
    [/^\$\{"(\$+)"\}/, (match) => match[1] as string],
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

const REFERENCE = Symbol("a reference to var.v");

describe("text of a TypeScript user", () => {
  test("reaches Terraform as text, whatever is in it, and references in it resolve", () => {
    const piece = fc.oneof(awkwardPiece, fc.constantFrom("TfToken[", "]}"), fc.constant(REFERENCE));
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

describe("text is escaped exactly where Terraform evaluates templates", () => {
  const TEXT = "a ${b} %{c}";
  const ESCAPED = "a $${b} %%{c}";
  const configuration = configurationOf(
    (root) => {
      root.variable("v", { type: "string", description: TEXT, default: TEXT, example: "" });
      root.local("l", TEXT);
      root.output("o", TEXT, TEXT);
      root.call("m", { name: TEXT });
      root.resource("r", text(TEXT));
      root.dataSource("d", text(TEXT));
    },
    { backend: { type: "s3", bucket: TEXT, key: TEXT, region: "eu-west-1" } },
  );

  test.each([
    ["a local", ESCAPED, () => configuration.locals["l"]],
    ["an output's value", ESCAPED, () => configuration.output["o"]?.value],
    ["a module call's value", ESCAPED, () => configuration.module["m"]?.["name"]],
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
  test.each([
    [
      "a variable's default",
      (root: TestRoot, v: string) =>
        root.variable("x", { type: "string", description: "d", default: v, example: "" }),
      'variable "x": its default refers',
    ],
    [
      "a variable's description",
      (root: TestRoot, v: string) => root.variable("x", { type: "string", description: v, example: "" }),
      'variable "x": its description refers',
    ],
    [
      "an output's description",
      (root: TestRoot, v: string) => root.output("x", "", v),
      'output "x": its description refers',
    ],
  ])("in %s", (_place, build, message) => {
    expect(() =>
      configurationOf((root) => build(root, new TerraformVariable(root, "v", {}).stringValue)),
    ).toThrow(message);
  });
});
