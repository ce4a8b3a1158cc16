import { shownPath } from "../io/files";

/** What progress is written to: standard error, where a terminal shows it. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly write: (text: string) => unknown;
}

export interface Progress {
  /** Says which input is being judged, of how many. */
  readonly at: (path: string, number: number, of: number) => void;
  /** Says what of that input is being done. */
  readonly step: (words: string) => void;
  /** Takes what was said away again. */
  readonly end: () => void;
}

/** How long a run is silent, in milliseconds: most are over before. */
const SILENT = 1_000;
const ERASE = "\r\u001b[2K";

/** Says on a terminal what a run is at, once it takes longer than a second; elsewhere nothing. */
export function progressOn(stream: ProgressStream, isQuiet: boolean, now: () => number = Date.now): Progress {
  if (!stream.isTTY || isQuiet) return { at: () => {}, step: () => {}, end: () => {} };
  const start = now();
  let input = "";
  let current = "";
  let isShown = false;
  const show = () => {
    stream.write(`${ERASE}${current} …`);
    isShown = true;
  };
  const say = (words: string) => {
    current = words;
    if (now() - start >= SILENT) show();
  };
  // For while files are read, which leaves room for it: what is computed says itself when another step begins.
  const timer = setTimeout(show, SILENT);
  timer.unref();
  return {
    at: (path, number, of) => {
      input = `verifying ${of > 1 ? `${number} of ${of}: ` : ""}${shownPath(path)}`;
      say(input);
    },
    step: (words) => say(`${input}: ${words}`),
    end: () => {
      clearTimeout(timer);
      if (isShown) stream.write(ERASE);
    },
  };
}
