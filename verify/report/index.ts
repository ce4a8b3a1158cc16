import type { Report } from "../checks/model";
import { arrange } from "../compare/arrange";
import type { Difference } from "../compare/difference";
import { renderJson } from "./json";
import { renderMarkdown } from "./markdown";
import { diagram } from "./mermaid";
import { type CheckHelp, renderSarif } from "./sarif";
import { renderText } from "./text";

export { type Change, compare, type Difference, type FlowChange } from "../compare/difference";
export type { Reachable } from "../compare/reachable";
export { FORMAT_VERSION } from "./json";
export type { CheckHelp } from "./sarif";

export type Format = "text" | "json" | "sarif" | "markdown" | "mermaid";

export interface RenderOptions {
  /** Colours for a terminal; only text has them. */
  readonly color: boolean;
  /** What changed since another revision: a section of text, Markdown and JSON; Mermaid prefers what changed. */
  readonly difference?: Difference;
  /** The help of the checks, for SARIF. */
  readonly catalogue?: readonly CheckHelp[];
}

/**
 * Reports in one of the formats, ending with a newline. The same reports give the same bytes, in whatever order their
 * groups, rules and findings are; reports and flows stay in the order given.
 */
export function render(reports: readonly Report[], format: Format, options: RenderOptions): string {
  const arranged = reports.map(arrange);
  const { color, difference, catalogue = [] } = options;
  switch (format) {
    case "text":
      return renderText(arranged, color, difference);
    case "json":
      return renderJson(arranged, difference);
    case "sarif":
      return renderSarif(arranged, catalogue);
    case "markdown":
      return renderMarkdown(arranged, difference);
    case "mermaid":
      return `${diagram(arranged, difference).text}\n`;
  }
}
