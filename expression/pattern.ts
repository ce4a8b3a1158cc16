/*
 * Patterns of Go (https://github.com/google/re2/wiki/Syntax) as patterns of JavaScript. Read is what means the same in
 * both, or can be written so that it does; the rest is told apart from what Go refuses.
 */

/** What became of a pattern. */
export type Pattern =
  | {
      readonly kind: "pattern";
      readonly of: RegExp;
      readonly names: readonly (string | undefined)[];
      /** Whether its groups hold the same in both: those in a repeated part may hold what an earlier round left. */
      readonly hasSureGroups: boolean;
    }
  /** Go refuses it. */
  | { readonly kind: "invalid" }
  /** It may mean something else in JavaScript. */
  | { readonly kind: "other" };

class Invalid extends Error {}
class Other extends Error {}

/** Translates a pattern of Go. @param flags `g` to find all */
export function goPattern(text: string, flags = ""): Pattern {
  try {
    const translation = new Translation(text);
    const source = translation.whole();
    return {
      kind: "pattern",
      of: new RegExp(source, `u${flags}${translation.flags()}`),
      names: translation.names,
      hasSureGroups: translation.hasSureGroups,
    };
  } catch (error) {
    if (error instanceof Invalid) return { kind: "invalid" };
    if (error instanceof Other || error instanceof SyntaxError) return { kind: "other" };
    throw error;
  }
}

const SPACE = "\\t\\n\\f\\r ";
const POSIX: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7f",
  blank: "\\t ",
  cntrl: "\\x00-\\x1f\\x7f",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`\\{-~",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};
const CONTROLS: Readonly<Record<string, string>> = {
  a: "\\x07",
  f: "\\f",
  t: "\\t",
  n: "\\n",
  r: "\\r",
  v: "\\v",
};

interface Part {
  readonly source: string;
  /** Whether it can match nothing. */
  readonly isNullable: boolean;
  /** Whether there are groups in it that capture, itself included. */
  readonly captures: boolean;
  readonly canRepeat?: boolean;
}

/** Nested deeper it is not read. */
const DEEPEST = 100;

class Translation {
  readonly names: (string | undefined)[] = [];
  hasSureGroups = true;
  private at = 0;
  private depth = 0;
  private ignoresCase = false;
  private dotMatchesNewline = false;
  private isMultiline = false;

  constructor(private readonly text: string) {}

  whole(): string {
    const [, flags] = /^\(\?([imsU]+)\)/.exec(this.text) ?? [];
    if (flags !== undefined) {
      if (flags.includes("U")) throw new Other();
      this.ignoresCase = flags.includes("i");
      this.dotMatchesNewline = flags.includes("s");
      this.isMultiline = flags.includes("m");
      this.at = flags.length + 3;
    }
    const { source } = this.alternatives();
    if (this.at < this.text.length) throw new Invalid();
    const named = this.names.filter((name) => name !== undefined);
    if (new Set(named).size < named.length) throw new Invalid();
    return source;
  }

  flags(): string {
    return this.ignoresCase ? "i" : "";
  }

  private alternatives(): Part {
    this.depth += 1;
    if (this.depth > DEEPEST) throw new Other();
    const parts = [this.sequence()];
    while (this.take("|")) parts.push(this.sequence());
    this.depth -= 1;
    return {
      source: parts.map(({ source }) => source).join("|"),
      isNullable: parts.some(({ isNullable }) => isNullable),
      captures: parts.some(({ captures }) => captures),
    };
  }

  private sequence(): Part {
    const parts: Part[] = [];
    while (this.at < this.text.length && !/[|)]/.test(this.text[this.at] as string)) {
      parts.push(this.repeated(this.atom()));
    }
    return {
      source: parts.map(({ source }) => source).join(""),
      isNullable: parts.every(({ isNullable }) => isNullable),
      captures: parts.some(({ captures }) => captures),
    };
  }

  private repeated(atom: Part): Part {
    const operator = this.match(/[*+?]\??|\{\d+(?:,\d*)?\}\??/y);
    if (operator === undefined) return atom;
    if (this.match(/[*+]|\?|\{\d+(?:,\d*)?\}/y) !== undefined) throw new Invalid();
    const [, least, most] = /^\{(\d+),?(\d*)/.exec(operator) ?? [];
    if (Number(least ?? 0) > 1000 || Number(most || 0) > 1000) throw new Invalid();
    if (most && Number(most) < Number(least)) throw new Invalid();
    if (atom.canRepeat === false) throw new Other();
    // Rounds that match nothing differ.
    const isOnce = operator.startsWith("?");
    if (atom.isNullable && (!isOnce || atom.captures)) throw new Other();
    if (!isOnce && atom.captures && !/^\((?!\?:)[^()]*\)$/.test(atom.source)) this.hasSureGroups = false;
    return {
      source: `${atom.source}${operator}`,
      isNullable: atom.isNullable || /^(?:[*?]|\{0)/.test(operator),
      captures: atom.captures,
    };
  }

  private atom(): Part {
    const character = this.next();
    switch (character) {
      case "(":
        return this.group();
      case "[":
        return one(this.characterClass());
      case ".":
        return one(this.dotMatchesNewline ? "[\\s\\S]" : "[^\\n]");
      case "^":
        return assertion(this.isMultiline ? "(?:^|(?<=\\n))" : "^");
      case "$":
        return assertion(this.isMultiline ? "(?:$|(?=\\n))" : "$");
      case "\\":
        return this.escape();
      case "*":
      case "+":
      case "?":
        throw new Invalid();
      default:
        if (character === "{" && /^\{\d+(?:,\d*)?\}/.test(this.text.slice(this.at - 1))) throw new Invalid();
        return one(literal(character));
    }
  }

  private group(): Part {
    const name = this.match(/\?P?<[A-Za-z_]\w*>/y);
    const isPlain = name === undefined && this.match(/\?:/y) !== undefined;
    if (name === undefined && !isPlain && this.text[this.at] === "?") {
      // Flags may stand in a group; looking around may not.
      throw /^\?[imsU-]+[:)]/.test(this.text.slice(this.at)) ? new Other() : new Invalid();
    }
    if (!isPlain) this.names.push(name?.replace(/^\?P?<|>$/g, ""));
    const inner = this.alternatives();
    if (!this.take(")")) throw new Invalid();
    return {
      ...inner,
      source: `(${isPlain ? "?:" : ""}${inner.source})`,
      captures: inner.captures || !isPlain,
    };
  }

  private escape(): Part {
    if (this.at >= this.text.length) throw new Invalid();
    const character = this.next();
    if (character === "A") return assertion("^");
    if (character === "z") return assertion("$");
    if (character === "b" || character === "B") {
      if (this.ignoresCase) throw new Other();
      return assertion(`\\${character}`);
    }
    const set = this.escapedSet(character);
    return one(set === undefined ? this.escapedCharacter(character) : `[${set}]`);
  }

  /** `\d` and the like, as they stand in a class. */
  private escapedSet(character: string): string | undefined {
    if (character === "d") return "0-9";
    if (character === "w") return "0-9A-Za-z_";
    if (character === "s") return SPACE;
    if (character === "D") return "\\D";
    if (character === "S")
      return "\\S\\v\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff";
    if (character === "W") {
      if (this.ignoresCase) throw new Other();
      return "\\W";
    }
    if (character !== "p" && character !== "P") return undefined;
    const name = this.match(/\{\^?\w+\}|\w/y);
    if (name === undefined || name.includes("^")) throw new Other();
    const plain = name.replace(/[{}]/g, "");
    if (!/^(?:[LMNPSZC][a-z]?|[A-Z][a-z]{3,})$/.test(plain) || this.ignoresCase) throw new Other();
    return `\\${character}{${plain.length > 2 ? `Script=${plain}` : plain}}`;
  }

  private escapedCharacter(character: string): string {
    if (Object.hasOwn(CONTROLS, character)) return CONTROLS[character] as string;
    if (character === "x") {
      const digits = this.match(/[\da-fA-F]{2}|\{[\da-fA-F]{1,6}\}/y);
      if (digits === undefined) throw new Invalid();
      return `\\u{${digits.replace(/[{}]/g, "")}}`;
    }
    if (/[1-9]/.test(character)) throw new Invalid();
    if (/[0QCE]/.test(character)) throw new Other();
    if (/[A-Za-z]/.test(character)) throw new Invalid();
    if (!/[!-/:-@[-`{-~]/.test(character)) throw new Other();
    return literal(character);
  }

  private characterClass(): string {
    const isNegated = this.take("^");
    let members = "";
    let isFirst = true;
    for (;;) {
      if (this.at >= this.text.length) throw new Invalid();
      const posix = this.match(/\[:\^?\w+:\]/y);
      if (posix !== undefined) {
        const set = POSIX[posix.replace(/[[\]:]/g, "")];
        if (set === undefined) throw posix.includes("^") ? new Other() : new Invalid();
        members += set;
        isFirst = false;
        continue;
      }
      const character = this.next();
      if (character === "]" && !isFirst) break;
      isFirst = false;
      members += this.member(character);
    }
    return `[${isNegated ? "^" : ""}${members}]`;
  }

  private member(character: string): string {
    const first = this.single(character);
    // Behind a set, or before the end, a dash is one character more.
    if (first.isSet || !/^-[^\]]/.test(this.text.slice(this.at, this.at + 2))) return first.source;
    this.at += 1;
    const last = this.single(this.next());
    if (last.isSet) throw new Invalid();
    if (codeOf(first.source) > codeOf(last.source)) throw new Invalid();
    return `${first.source}-${last.source}`;
  }

  private single(character: string): { source: string; isSet: boolean } {
    if (character !== "\\") return { source: literal(character), isSet: false };
    if (this.at >= this.text.length) throw new Invalid();
    const escaped = this.next();
    const set = this.escapedSet(escaped);
    return set === undefined
      ? { source: this.escapedCharacter(escaped), isSet: false }
      : { source: set, isSet: true };
  }

  private next(): string {
    const character = String.fromCodePoint(this.text.codePointAt(this.at) as number);
    this.at += character.length;
    return character;
  }

  private take(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}

function one(source: string): Part {
  return { source, isNullable: false, captures: false };
}

function assertion(source: string): Part {
  return { source, isNullable: true, captures: false, canRepeat: false };
}

function literal(character: string): string {
  return /[\w]/.test(character) ? character : `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
}

function codeOf(source: string): number {
  const [, hex] = /^\\u\{([\da-f]+)\}$/i.exec(source) ?? [];
  if (hex !== undefined) return Number.parseInt(hex, 16);
  const controls: Readonly<Record<string, number>> = {
    "\\x07": 7,
    "\\f": 12,
    "\\t": 9,
    "\\n": 10,
    "\\r": 13,
    "\\v": 11,
  };
  return controls[source] ?? (source.codePointAt(0) as number);
}
