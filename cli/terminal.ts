/** Of a stream and its environment: what the look of a report depends on. */
export interface Terminal {
  readonly color: boolean;
  /** Its columns; absent where nothing says them, so that what is piped looks the same everywhere. */
  readonly width?: number;
}

/** Narrower, no indentation leaves room for words. */
const NARROWEST = 40;
/** Wider, lines are hard to follow. */
const WIDEST = 160;

/**
 * How a stream shows text. Colours are for terminals alone, and for none where `NO_COLOR` is set to anything
 * (https://no-color.org) or `TERM` is `dumb`. The columns are the terminal's, else what `COLUMNS` says.
 */
export function terminalOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const isTerminal = stream.isTTY === true;
  const columns = isTerminal && stream.columns ? stream.columns : Number(env["COLUMNS"] ?? "");
  const isKnown = Number.isInteger(columns) && columns > 0;
  return {
    color: isTerminal && !env["NO_COLOR"] && env["TERM"] !== "dumb",
    ...(isKnown && { width: Math.min(Math.max(columns, NARROWEST), WIDEST) }),
  };
}
