import type { ModuleFlows, StatedFlow } from "./flows";

/**
 * A drawing of the flows that a module allows, as a Mermaid diagram in Markdown: an arrow for every two ends, with the
 * traffic, or the input that gives it in italics. What a module closes is not drawn.
 */
export function flowsDrawing({ flows }: ModuleFlows): string {
  const arrows = new Map<string, string[]>();
  for (const flow of flows.flatMap((group) => Object.values(group))) {
    if (flow.verdict !== "allow") continue;
    const ends = JSON.stringify([flow.from, flow.to]);
    arrows.set(ends, [...new Set([...(arrows.get(ends) ?? []), label(flow)])]);
  }
  const lines = [...arrows].map(([ends, labels]) => {
    const [from, to] = JSON.parse(ends) as [string, string];
    return `  ${from} -->|"${labels.join("<br>")}"| ${to}`;
  });
  return ["```mermaid", "flowchart LR", ...lines, "```"].join("\n");
}

/** The traffic in words: of an element of a map, the protocol and the map's name. */
function label({ traffic, forEach }: StatedFlow): string {
  const map = forEach?.match(/(?:var|local)\.(\w+)/)?.[1];
  const words = traffic
    .split(" ")
    .filter((word) => !word.includes("${") && !word.endsWith("}"))
    .join(" ");
  return [words, map === undefined ? "" : `<i>${map}</i>`].filter((part) => part !== "").join(" ");
}
