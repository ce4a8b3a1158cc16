/*
 * Small conditions that long ones are made of. Each gives a Terraform expression as text, and takes expressions as text
 * unless it says otherwise.
 */

/** Text as a literal of Terraform. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(/[$%]\{/g, (opening) => opening.charAt(0) + opening);
}

/** A list of literals. */
export function listOf(texts: readonly string[]): string {
  return `[${texts.map(quoted).join(", ")}]`;
}

/** @param pattern a regular expression as it is, without Terraform's escapes */
export function matches(value: string, pattern: string): string {
  return `can(regex(${quoted(pattern)}, ${value}))`;
}

/** Whether a value is one of some literals. */
export function isOneOf(value: string, ...texts: readonly string[]): string {
  return isIn(value, listOf(texts));
}

export function isIn(value: string, list: string): string {
  return `contains(${list}, ${value})`;
}

export function isNull(value: string): string {
  return `${value} == null`;
}

export function isGiven(value: string): string {
  return `${value} != null`;
}

export function equals(value: string, other: string): string {
  return `${value} == ${other}`;
}

export function differs(value: string, other: string): string {
  return `${value} != ${other}`;
}

export function isEmpty(collection: string): string {
  return `length(${collection}) == 0`;
}

export function isNotEmpty(collection: string): string {
  return `length(${collection}) > 0`;
}

/** Of text its characters, of a collection its elements. */
export function hasAtMost(count: number, value: string): string {
  return `length(${value}) <= ${count}`;
}

/** Of text its characters, of a collection its elements. */
export function hasAtLeast(count: number, value: string): string {
  return `length(${value}) >= ${count}`;
}

export function isBetween(least: number, most: number, value: string): string {
  return all(`${value} >= ${least}`, `${value} <= ${most}`);
}

export function isWhole(value: string): string {
  return `floor(${value}) == ${value}`;
}

/** Whether all conditions hold. Where one is a choice of its own, `group` it. */
export function all(...conditions: readonly string[]): string {
  return conditions.join(" && ");
}

/** Whether a condition holds. `&&` binds more strongly. */
export function any(...conditions: readonly string[]): string {
  return conditions.join(" || ");
}

/** @param condition one without operators, or in a group */
export function not(condition: string): string {
  return `!${condition}`;
}

export function group(condition: string): string {
  return `(${condition})`;
}

/** A list made of another. @param element the name of an element in what is made of it */
export function each(element: string, list: string, make: (element: string) => string): string {
  return `[for ${element} in ${list} : ${make(element)}]`;
}

/** The elements of a list that fulfil a condition. */
export function those(element: string, list: string, condition: (element: string) => string): string {
  return `[for ${element} in ${list} : ${element} if ${condition(element)}]`;
}

/** Whether every element of a list fulfils a condition. @param element its name in the condition */
export function every(element: string, list: string, condition: (element: string) => string): string {
  return `alltrue(${each(element, list, condition)})`;
}

/** Whether an element of a list fulfils a condition. @param element its name in the condition */
export function some(element: string, list: string, condition: (element: string) => string): string {
  return `anytrue(${each(element, list, condition)})`;
}

/** Whether a list has no element twice. @param map what its elements are of, where that is said more shortly */
export function areDistinct(list: string, map = list): string {
  return equals(`length(distinct(${list}))`, `length(${map})`);
}

/** False where the condition cannot be evaluated, such as on null. */
export function orFalse(condition: string): string {
  return `try(${condition}, false)`;
}

/** True where the condition cannot be evaluated, because another one refuses the value. */
export function orTrue(condition: string): string {
  return `try(${condition}, true)`;
}
