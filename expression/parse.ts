import { type Expression, SyntaxProblem } from "./syntax";

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
/** `<<EOT`, and `<<-EOT` for text whose indentation does not count. */
const HEREDOC = /<<-?[\p{ID_Start}_][\p{ID_Continue}-]*\r?\n/uy;
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
  return expression;
}

/**
 * Parses the text of a JSON string, or what hcl2json makes of an HCL string: a template. Text that is exactly one
 * `${…}` is the expression inside it.
 *
 * @throws SyntaxProblem
 */
export function parseTemplate(text: string): Expression {
  return new Parser(text).template();
}

/**
 * The parts of a template: text, and the expressions in it as they are written. A text that is no template, or has
 * `%{` directives, is one part.
 */
export function templateParts(text: string): readonly (string | { readonly expression: string })[] {
  try {
    const { pieces, hasDirective } = new Parser(text).pieces();
    if (hasDirective) return [text];
    return pieces.map((piece) => (typeof piece === "string" ? piece : { expression: piece.written }));
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

/** The keys of steps: `.a[0]["b"]`. */
function stepKeys(steps: string): (string | number)[] {
  return [...steps.matchAll(/\.?([^.[\]"]+)|"([^"]*)"/g)].map(([, bare, quoted]) => {
    if (bare === undefined) return quoted as string;
    return /^\d+$/.test(bare) ? Number(bare) : bare;
  });
}

/** Lines without the spaces that all of them begin with; those of spaces alone do not count. */
function withoutIndentation(body: string): string {
  const indents = [...body.matchAll(/^( *)[^ \r\n]/gm)].map(([, spaces = ""]) => spaces.length);
  const common = indents.length === 0 ? 0 : Math.min(...indents);
  return body.replace(new RegExp(`^ {${common}}`, "gm"), "");
}

/** An expression in a template, and how it is written. */
interface Piece {
  readonly expression: Expression;
  readonly written: string;
}

/** A Pratt parser: it reads from left to right and takes operators that bind tighter first. */
class Parser {
  private at = 0;

  constructor(private readonly text: string) {}

  end(): void {
    this.space();
    if (this.at < this.text.length) this.fail("expected the end of the expression");
  }

  /** @param above the precedence that an operator must exceed to be taken */
  expression(above = 0): Expression {
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
    const start = this.at;
    const { pieces, hasDirective } = this.pieces(isQuoted);
    if (hasDirective) return { kind: "raw", text: JSON.stringify(this.text.slice(start, this.at)) };
    const parts = pieces.map((piece) => (typeof piece === "string" ? piece : piece.expression));
    const [only] = parts;
    if (only === undefined) return { kind: "literal", value: "" };
    if (parts.length > 1) return { kind: "template", parts };
    return typeof only === "string" ? { kind: "literal", value: only } : only;
  }

  /** The parts of a template, and whether `%{` directives are among them. */
  pieces(isQuoted = false): { readonly pieces: readonly (string | Piece)[]; readonly hasDirective: boolean } {
    const pieces: (string | Piece)[] = [];
    let literal = "";
    let trimsNext = false;
    const flush = (trimmed: boolean) => {
      let part = trimsNext ? literal.trimStart() : literal;
      if (trimmed) part = part.trimEnd();
      if (part !== "") pieces.push(part);
      literal = "";
    };
    let hasDirective = false;
    for (;;) {
      if (this.at >= this.text.length) {
        if (isQuoted) this.fail('expected a closing "');
        break;
      }
      const next = this.text[this.at] as string;
      if (isQuoted && next === '"') break;
      if (this.text.startsWith("$${", this.at) || this.text.startsWith("%%{", this.at)) {
        literal += `${next}{`;
        this.at += 3;
      } else if (this.text.startsWith("${", this.at) || this.text.startsWith("%{", this.at)) {
        this.at += 2;
        flush(this.take("~"));
        if (next === "%") {
          hasDirective = true;
          this.skipDirective();
        } else pieces.push(this.piece());
        trimsNext = this.take("~");
        this.expect("}");
      } else if (isQuoted && next === "\\") {
        literal += this.escape();
      } else {
        literal += next;
        this.at += 1;
      }
    }
    flush(false);
    return { pieces, hasDirective };
  }

  private piece(): Piece {
    const start = this.at;
    const expression = this.expression();
    return { expression, written: this.text.slice(start, this.at).trim() };
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
    const opening = this.match(HEREDOC);
    if (opening !== undefined) return this.heredoc(opening);
    if (this.take("[")) return this.forOr("]", () => this.tuple());
    if (this.take("{")) return this.forOr("}", () => this.object());
    const number = this.match(NUMBER);
    if (number !== undefined) return { kind: "literal", value: Number(number) };
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

  /** Text of whole lines, in which a backslash is a backslash. */
  private heredoc(opening: string): Expression {
    const isIndented = opening.startsWith("<<-");
    const name = opening.trim().replace(/^<<-?/, "");
    const rest = this.text.slice(this.at);
    const end = new RegExp(`^[ \\t]*${name}[ \\t]*\\r?$`, "mu").exec(rest);
    if (end === null) return this.fail(`expected ${name} in a line of its own`);
    this.at += end.index + end[0].length;
    const body = rest.slice(0, end.index);
    return new Parser(isIndented ? withoutIndentation(body) : body).template();
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

  private skipDirective(): void {
    this.space();
    const keyword = this.name();
    if (keyword === "for") this.loopNames();
    if (keyword === "if" || keyword === "for") this.expression();
    this.space();
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
