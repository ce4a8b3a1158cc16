/** A number with its noun: `1 flow`, `2,000 flows`, `3 policies`. */
export function plural(number: number, one: string, several = `${one}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? one : several}`;
}
