import { bigOf, shortOf } from "./numbers";
import { type Expression, partsOf, SyntaxProblem, TooDeep } from "./syntax";

const PRECEDENCE: Readonly<Record<string, number>> = {
  "||": 1,
  "&&": 2,
  "==": 3,
  "!=": 3,
  "<": 4,
  ">": 4,
  "<=": 4,
  ">=": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "%": 6,
};
const UNARY = 7;

const SPACE = /(?:\s|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const SPACE_IN_LINE = /[ \t]*/y;
const IDENTIFIER = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const FUNCTION = /[\p{ID_Start}_][\p{ID_Continue}-]*(?:::[\p{ID_Start}_][\p{ID_Continue}-]*)+/uy;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const OPERATOR = /\|\||&&|==|!=|<=|>=|<(?!<)|>|[+\-*/%]/y;
const SPLAT_REST = /(?:\.[\p{ID_Start}_][\p{ID_Continue}-]*|\.\d+|\[(?:\d+|"[^"$%\\]*")\])*/uy;
/** An index behind `.*` is one of the whole list. */
const ATTRIBUTE_SPLAT_REST = /(?:\.[\p{ID_Start}_][\p{ID_Continue}-]*|\.\d+)*/uy;
const TEXT_ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

/**
 * Parses an HCL expression (https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md).
 *
 * @throws SyntaxProblem
 */
export function parseExpression(text: string): Expression {
  const parser = new Parser(text);
  const expression = parser.expression();
  parser.end();
  return limited(expression);
}

/**
 * Parses the text of a JSON string, or what hcl2json makes of an HCL string: a template. Text that is exactly one
 * `${…}` is the expression inside it.
 *
 * @throws SyntaxProblem
 */
export function parseTemplate(text: string): Expression {
  return limited(new Parser(text).template());
}

/**
 * The parts of a template: text, and the expressions in it as they are written. A text that is no template, or has
 * `%{` directives, is one part.
 */
export function templateParts(text: string): readonly (string | { readonly expression: string })[] {
  try {
    const parts = new Parser(text).parts();
    if (parts.some((part) => typeof part !== "string" && part.isDirective)) return [text];
    return parts.map((part) => (typeof part === "string" ? part : { expression: part.written }));
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    return [text];
  }
}

/** The expression that a template is, or else the text itself. */
export function expressionIn(text: string): string {
  const [only, ...more] = templateParts(text.trim());
  return typeof only === "object" && more.length === 0 ? only.expression : text;
}

/** Brackets in brackets, and whatever else stands in another, more of which nobody writes. */
const DEEPEST = 500;
/** Operators and steps in a row, each of which stands in the next. */
const LONGEST_CHAIN = 1_500;

/** @throws TooDeep for what is too much to be evaluated */
function limited(expression: Expression): Expression {
  const open: [Expression, number][] = [[expression, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [one, depth] = next;
    if (depth > LONGEST_CHAIN)
      throw new TooDeep(`more than ${LONGEST_CHAIN} operators or steps are applied to each other`, 0);
    for (const part of partsOf(one)) open.push([part, depth + 1]);
  }
  return expression;
}

/** Text of a template, or an expression in it with how it is written. */
type TemplatePart =
  | string
  | { readonly of: Expression; readonly isDirective: boolean; readonly written: string };

/** The parts between directives, as text. */
function textOf(parts: readonly TemplatePart[]): Expression {
  return { kind: "template", parts: parts.map((part) => (typeof part === "string" ? part : part.of)) };
}

/** Lines without the white space that all of them begin with; those of white space alone do not count. */
function withoutMargin(text: string): string {
  const margins = [...text.matchAll(/^([ \t]*)[^\s]/gm)].map(([, spaces = ""]) => spaces.length);
  const margin = margins.length === 0 ? 0 : Math.min(...margins);
  return text.replace(new RegExp(`^[ \\t]{${margin}}`, "gm"), "");
}

/** The keys of steps: `.a[0]["b"]`. */
function stepKeys(steps: string): (string | number)[] {
  return [...steps.matchAll(/\.?([^.[\]"]+)|"([^"]*)"/g)].map(([, bare, quoted]) => {
    if (bare === undefined) return quoted as string;
    return /^\d+$/.test(bare) ? Number(bare) : bare;
  });
}

/** A number, where JavaScript has it: it has 17 digits, and Terraform's have 154. */
function numeral(text: string): Expression {
  const big = bigOf(text);
  const value = big === undefined || big === "large" ? undefined : shortOf(big);
  return value === undefined ? { kind: "raw", text } : { kind: "literal", value };
}

/** A Pratt parser: it reads from left to right and takes operators that bind tighter first. */
class Parser {
  private at = 0;
  /** Whether the white space that comes next is left out of a template. */
  private trimsNext = false;

  constructor(
    private readonly text: string,
    private nesting = 0,
  ) {}

  end(): void {
    this.space();
    if (this.at < this.text.length) this.fail("expected the end of the expression");
  }

  /** @param above the precedence that an operator must exceed to be taken */
  expression(above = 0): Expression {
    this.deeper();
    const expression = this.operators(above);
    this.nesting -= 1;
    return expression;
  }

  private operators(above: number): Expression {
    let left = this.operand();
    for (;;) {
      this.space();
      const operator = this.peek(OPERATOR);
      const precedence = operator === undefined ? 0 : (PRECEDENCE[operator] ?? 0);
      if (operator === undefined || precedence <= above) break;
      this.at += operator.length;
      left = { kind: "binary", operator, left, right: this.expression(precedence) };
    }
    if (above > 0 || !this.take("?")) return left;
    const then = this.expression();
    this.expect(":");
    return { kind: "conditional", condition: left, then, otherwise: this.expression() };
  }

  /** The template from here to the end of the text, or to the closing quote. */
  template(isQuoted = false): Expression {
    const parts = this.parts(isQuoted);
    const [only] = parts;
    if (only === undefined) return { kind: "literal", value: "" };
    if (parts.length > 1) return textOf(parts);
    if (typeof only === "string") return { kind: "literal", value: only };
    // What a directive gives is text, even where it is the only part.
    return only.isDirective ? { kind: "template", parts: [only.of] } : only.of;
  }

  /** The parts of a template as a whole. */
  parts(isQuoted = false): readonly TemplatePart[] {
    this.trimsNext = false;
    const { parts, end } = this.templateParts(isQuoted);
    if (end !== undefined) this.fail(`there is nothing that ${end} ends`);
    return parts;
  }

  /**
   * The parts of a template, up to a directive that ends or divides what is around it.
   *
   * @param ends the directives that may
   */
  private templateParts(
    isQuoted: boolean,
    ends: readonly string[] = [],
  ): { parts: TemplatePart[]; end?: string } {
    const parts: TemplatePart[] = [];
    let literal = "";
    const flush = (isTrimmed: boolean) => {
      // Lines are trimmed one by one; in quotes there are none.
      const lines = isQuoted ? [literal] : (literal.match(/[^\n]*\n|[^\n]+$/g) ?? [""]);
      if (this.trimsNext) lines[0] = (lines[0] as string).trimStart();
      if (isTrimmed) lines.push((lines.pop() as string).trimEnd());
      this.trimsNext = false;
      const part = lines.join("");
      if (part !== "") parts.push(part);
      literal = "";
    };
    for (;;) {
      const next = this.text[this.at];
      if (next === undefined || (isQuoted && next === '"')) break;
      if (this.text.startsWith("$${", this.at) || this.text.startsWith("%%{", this.at)) {
        literal += `${next}{`;
        this.at += 3;
      } else if (this.text.startsWith("${", this.at)) {
        this.at += 2;
        flush(this.take("~"));
        const start = this.at;
        const of = this.expression();
        parts.push({ of, isDirective: false, written: this.text.slice(start, this.at).trim() });
        this.closeSequence();
      } else if (this.text.startsWith("%{", this.at)) {
        this.at += 2;
        flush(this.take("~"));
        const keyword = this.name();
        if (ends.includes(keyword)) {
          this.closeSequence();
          return { parts, end: keyword };
        }
        parts.push({ of: this.directive(keyword, isQuoted), isDirective: true, written: "" });
      } else if (isQuoted && next === "\\") {
        literal += this.escape();
      } else {
        literal += next;
        this.at += 1;
      }
    }
    flush(false);
    if (this.at >= this.text.length && isQuoted) this.fail('expected a closing "');
    if (ends.length > 0) this.fail(`expected %{ ${ends.at(-1)} }`);
    return { parts };
  }

  /** `%{ if … }` and `%{ for … }` up to their ends, as expressions that mean the same. */
  private directive(keyword: string, isQuoted: boolean): Expression {
    this.deeper();
    if (keyword === "if") {
      const condition = this.expression();
      this.closeSequence();
      const first = this.templateParts(isQuoted, ["else", "endif"]);
      const then = textOf(first.parts);
      const otherwise = textOf(first.end === "else" ? this.templateParts(isQuoted, ["endif"]).parts : []);
      this.nesting -= 1;
      return { kind: "conditional", condition, then, otherwise };
    }
    if (keyword !== "for") return this.fail(`expected if or for, found ${keyword}`);
    const names = this.loopNames();
    const of = this.expression();
    this.closeSequence();
    const value = textOf(this.templateParts(isQuoted, ["endfor"]).parts);
    this.nesting -= 1;
    const rounds: Expression = { kind: "for", names, of, value, isGrouped: false };
    return { kind: "call", name: "join", args: [{ kind: "literal", value: "" }, rounds], isSpread: false };
  }

  private closeSequence(): void {
    this.space();
    this.trimsNext = this.take("~");
    this.expect("}");
  }

  /** `<<EOT` and `<<-EOT`, which leaves out the spaces that all lines begin with. */
  private heredoc(): Expression {
    const [opening, isIndented, marker] = /^<<(-?)([\p{ID_Start}_][\p{ID_Continue}-]*)[ \t]*\r?\n/u.exec(
      this.text.slice(this.at, this.at + 300),
    ) ?? [this.fail("expected a name and the end of the line behind <<")];
    this.at += opening.length;
    const lines: string[] = [];
    for (;;) {
      if (this.at >= this.text.length)
        this.fail(`expected ${marker} at the end of the text that begins with <<`);
      const end = this.text.indexOf("\n", this.at);
      const line = this.text.slice(this.at, end === -1 ? undefined : end);
      if (line.trim() === marker) {
        // The end of its line may end what is around it.
        this.at += line.length;
        break;
      }
      this.at = end === -1 ? this.text.length : end + 1;
      lines.push(line);
    }
    const text = lines.map((line) => `${line}\n`).join("");
    return new Parser(isIndented === "-" ? withoutMargin(text) : text, this.nesting).template();
  }

  private operand(): Expression {
    this.space();
    for (const operator of ["!", "-"]) {
      if (this.take(operator)) return { kind: "unary", operator, of: this.expression(UNARY) };
    }
    return this.steps(this.primary());
  }

  private primary(): Expression {
    const start = this.at;
    if (this.text.startsWith("<<", this.at)) return this.heredoc();
    if (this.take("(")) {
      const inner = this.expression();
      this.expect(")");
      return inner;
    }
    if (this.take('"')) {
      const value = this.template(true);
      this.expect('"');
      return value;
    }
    if (this.take("[")) return this.forOr("]", () => this.tuple());
    if (this.take("{")) return this.forOr("}", () => this.object());
    const number = this.match(NUMBER);
    if (number !== undefined) return numeral(number);
    const name = this.match(FUNCTION) ?? this.match(IDENTIFIER);
    if (name === undefined) {
      return this.fail(start < this.text.length ? "expected an expression" : "the expression ends too early");
    }
    const end = this.at;
    this.match(SPACE_IN_LINE);
    if (this.take("(")) return this.call(name);
    if (name === "true" || name === "false") return { kind: "literal", value: name === "true" };
    if (name === "null") return { kind: "literal", value: null };
    return { kind: "name", name, end };
  }

  private steps(of: Expression): Expression {
    for (;;) {
      const isAttributeSplat = this.take(".*");
      if (isAttributeSplat || this.take("[*]")) {
        const rest = this.match(isAttributeSplat ? ATTRIBUTE_SPLAT_REST : SPLAT_REST) ?? "";
        of = { kind: "splat", of, rest, keys: stepKeys(rest) };
      } else if (this.take("[")) {
        const key = this.expression();
        this.expect("]");
        of = { kind: "step", of, key, isIndex: true, end: this.at };
      } else if (this.text[this.at] === "." && this.text[this.at + 1] !== ".") {
        this.at += 1;
        const name = this.match(IDENTIFIER);
        const index = name ?? this.match(/\d+/y);
        if (index === undefined) return this.fail("expected a name after the dot");
        const key: Expression = { kind: "literal", value: name ?? Number(index) };
        of = { kind: "step", of, key, isIndex: name === undefined, end: this.at };
      } else return of;
    }
  }

  private call(name: string): Expression {
    const args: Expression[] = [];
    let isSpread = false;
    while (!this.takeSpaced(")")) {
      args.push(this.expression());
      isSpread = this.takeSpaced("...");
      if (this.takeSpaced(",")) continue;
      this.expect(")");
      break;
    }
    return { kind: "call", name, args, isSpread };
  }

  private tuple(): Expression {
    const items: Expression[] = [];
    while (!this.takeSpaced("]")) {
      items.push(this.expression());
      if (this.takeSpaced(",")) continue;
      this.expect("]");
      break;
    }
    return { kind: "tuple", items };
  }

  private object(): Expression {
    const entries: [Expression, Expression][] = [];
    while (!this.takeSpaced("}")) {
      const isReference = this.text[this.at] === "(";
      const key = this.expression();
      if (!this.takeSpaced("=")) this.expect(":");
      // A bare name is the key itself; in parentheses it is a reference.
      const isBare = key.kind === "name" && !isReference;
      entries.push([isBare ? { kind: "literal", value: key.name } : key, this.expression()]);
      this.takeSpaced(",");
    }
    return { kind: "object", entries };
  }

  private forOr(close: string, otherwise: () => Expression): Expression {
    const start = this.at;
    this.space();
    if (this.match(/for(?=\s)/y) === undefined) {
      this.at = start;
      return otherwise();
    }
    const names = this.loopNames();
    const of = this.expression();
    this.expect(":");
    let value = this.expression();
    let key: Expression | undefined;
    if (this.takeSpaced("=>")) {
      key = value;
      value = this.expression();
    }
    const isGrouped = this.takeSpaced("...");
    this.space();
    const condition = this.match(/if(?=[\s(!])/y) === undefined ? undefined : this.expression();
    this.expect(close);
    return {
      kind: "for",
      names,
      of,
      value,
      isGrouped,
      ...(key === undefined ? {} : { key }),
      ...(condition === undefined ? {} : { condition }),
    };
  }

  /** The names between `for` and `in`. */
  private loopNames(): string[] {
    const names = [this.name()];
    if (this.takeSpaced(",")) names.push(this.name());
    if (this.name() !== "in") this.fail("expected `in`");
    return names;
  }

  private name(): string {
    this.space();
    return this.match(IDENTIFIER) ?? this.fail("expected a name");
  }

  private escape(): string {
    const [whole, , four, eight] =
      /^\\(u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|.)/su.exec(this.text.slice(this.at, this.at + 10)) ?? [];
    if (whole === undefined) return this.fail("expected a character after the backslash");
    this.at += whole.length;
    const code = four ?? eight;
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
    return TEXT_ESCAPES[whole[1] as string] ?? this.fail(`${whole} is no escape`);
  }

  /** Goes down by a level. */
  private deeper(): void {
    this.nesting += 1;
    if (this.nesting > DEEPEST) throw new TooDeep(`it is nested more than ${DEEPEST} levels deep`, this.at);
  }

  private space(): void {
    this.match(SPACE);
  }

  private peek(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0];
  }

  private match(pattern: RegExp): string | undefined {
    const found = this.peek(pattern);
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private take(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  private takeSpaced(token: string): boolean {
    this.space();
    return this.take(token);
  }

  private expect(token: string): void {
    if (!this.takeSpaced(token)) this.fail(`expected ${token}`);
  }

  private fail(what: string): never {
    throw new SyntaxProblem(what, this.at);
  }
}
