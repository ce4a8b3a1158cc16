import { shownPath } from "../io/files";

/** What progress is written to: standard error, where a terminal shows it. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly write: (text: string) => unknown;
}

export interface Progress {
  /** Says which input is being judged, of how many. */
  readonly at: (path: string, number: number, of: number) => void;
  /** Takes what was said away again. */
  readonly end: () => void;
}

/** How long a run is silent, in milliseconds: most are over before. */
const SILENT = 1_000;
const ERASE = "\r\u001b[2K";

/** Says on a terminal what a run is at, once it takes longer than a second; elsewhere nothing. */
export function progressOn(stream: ProgressStream, isQuiet: boolean, now: () => number = Date.now): Progress {
  if (!stream.isTTY || isQuiet) return { at: () => {}, end: () => {} };
  const start = now();
  let current = "";
  let isShown = false;
  const show = () => {
    stream.write(`${ERASE}${current}`);
    isShown = true;
  };
  // For while the first input is read, which leaves room for it.
  const timer = setTimeout(show, SILENT);
  timer.unref();
  return {
    at: (path, number, of) => {
      current = `verifying ${of > 1 ? `${number} of ${of}: ` : ""}${shownPath(path)} …`;
      if (now() - start >= SILENT) show();
    },
    end: () => {
      clearTimeout(timer);
      if (isShown) stream.write(ERASE);
    },
  };
}
