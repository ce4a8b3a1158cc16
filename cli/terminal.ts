/** Whether what is written there may be coloured: only a terminal, and not against the user's wish (https://no-color.org). */
export function hasColor({ isTTY }: NodeJS.WriteStream): boolean {
  const { NO_COLOR, TERM } = process.env;
  return isTTY === true && !NO_COLOR && TERM !== "dumb";
}
