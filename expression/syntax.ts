/** An expression as it is written. */
export type Expression =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  /** Text with expressions in it. */
  | { readonly kind: "template"; readonly parts: readonly (string | Expression)[] }
  /** `end` is where it ends in the text. */
  | { readonly kind: "name"; readonly name: string; readonly end: number }
  /** `of.key`, and with an index `of["key"]`, `of[0]`. */
  | {
      readonly kind: "step";
      readonly of: Expression;
      readonly key: Expression;
      readonly isIndex: boolean;
      readonly end: number;
    }
  /** `of[*]` and the steps that follow it, also as they are written. */
  | {
      readonly kind: "splat";
      readonly of: Expression;
      readonly rest: string;
      readonly keys: readonly (string | number)[];
    }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly Expression[];
      readonly isSpread: boolean;
    }
  | { readonly kind: "unary"; readonly operator: string; readonly of: Expression }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "conditional";
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
  | { readonly kind: "tuple"; readonly items: readonly Expression[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [Expression, Expression])[] }
  | {
      readonly kind: "for";
      /** The key's name, if there is one, and the value's. */
      readonly names: readonly string[];
      readonly of: Expression;
      /** The key of an object. */
      readonly key?: Expression;
      readonly value: Expression;
      /** `...` behind the value of an object. */
      readonly isGrouped: boolean;
      readonly condition?: Expression;
    }
  /** What this parser does not read, such as numbers of more digits than JavaScript's. */
  | { readonly kind: "raw"; readonly text: string; readonly problem?: string };

/** Text that is no expression; `position` is where in the text. */
export class SyntaxProblem extends Error {
  constructor(
    readonly what: string,
    readonly position: number,
  ) {
    super(what);
  }
}

/** Text that is an expression, and more of one than is read. */
export class TooDeep extends SyntaxProblem {}

/** The expressions that an expression is made of. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "template":
      return expression.parts.filter((part) => typeof part !== "string");
    case "step":
      return [expression.of, expression.key];
    case "splat":
    case "unary":
      return [expression.of];
    case "call":
      return expression.args;
    case "binary":
      return [expression.left, expression.right];
    case "conditional":
      return [expression.condition, expression.then, expression.otherwise];
    case "tuple":
      return expression.items;
    case "object":
      return expression.entries.flat();
    case "for":
      return [expression.of, expression.key, expression.value, expression.condition].filter(
        (part) => part !== undefined,
      );
    default:
      return [];
  }
}
