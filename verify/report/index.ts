import type { Report } from "../checks/model";
import { arrange } from "../compare/arrange";
import type { Difference } from "../compare/difference";
import { renderJson } from "./json";
import { type JunitOptions, renderJunit } from "./junit";
import { renderMarkdown } from "./markdown";
import { diagram } from "./mermaid";
import { type CheckHelp, renderSarif, type SarifOptions } from "./sarif";
import { renderText, type TextOptions } from "./text";

export { isCounted } from "../checks/counted";
export { type Change, compare, type Difference, type FlowChange } from "../compare/difference";
export type { Reachable } from "../compare/reachable";
export { type AnswerOptions, isAsAsked, renderAnswer } from "./answer";
export { renderAnswerJson } from "./answer-json";
export { COMMAND } from "./command-name";
export { type Fix, fixOf } from "./fix";
export { FORMAT_VERSION } from "./json";
export { DEFAULT_LIMITS, failingSeverities, flowFails, type Limits } from "./limits";
export { addressIn, checksPage, type Manifest } from "./project-address";
export type { CheckHelp } from "./sarif";

/**
 * What the formats are told besides the reports: the terminal (`color`, `width`), `all` and `exit` are for text alone, what
 * helps with checks for SARIF, what makes a run fail for JUnit.
 */
export interface RenderOptions extends TextOptions, SarifOptions, JunitOptions {
  /** All checks, with their help. */
  readonly catalogue?: readonly CheckHelp[];
  /** What changed since another revision: a section of text, Markdown and JSON; Mermaid prefers what changed. */
  readonly difference?: Difference;
}

/** Makes text, ending with a newline, of reports whose parts are in order. */
type Renderer = (reports: readonly Report[], options: RenderOptions) => string;

/** The formats by their names. A new one is a file and a line here: the command line reads this list. */
const RENDERERS = {
  text: renderText,
  json: (reports, { difference }) => renderJson(reports, difference),
  sarif: renderSarif,
  markdown: renderMarkdown,
  junit: renderJunit,
  mermaid: (reports, { difference }) => `${diagram(reports, difference).text}\n`,
} as const satisfies Readonly<Record<string, Renderer>>;

export type Format = keyof typeof RENDERERS;
export const FORMATS = Object.keys(RENDERERS) as readonly Format[];

/**
 * Reports in one of the formats, ending with a newline. The same reports give the same bytes, in whatever order their
 * groups, rules and findings are; reports and flows stay in the order given, but that text has the urgent ones first.
 */
export function render(reports: readonly Report[], format: Format, options: RenderOptions): string {
  return RENDERERS[format](reports.map(arrange), options);
}
