/** A number with its noun: `1 flow`, `2,000 flows`, `3 policies`. */
export function plural(number: number, one: string, several = `${one}s`): string {
  return `${inWords(number)} ${number === 1 ? one : several}`;
}

/** A number as people read it: `2,000`. Only one that has groups of digits asks for the language's, which takes long. */
export function inWords(number: number): string {
  return Number.isInteger(number) && number >= 0 && number < 1000
    ? String(number)
    : number.toLocaleString("en-US");
}
