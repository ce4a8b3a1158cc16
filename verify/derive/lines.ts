import type { Flow, Origin } from "../expect/model";
import type { Verdict } from "../judge/model";

/** Of no more objects than these the lines are looked for: each takes another parse of its text. */
const MOST_OBJECTS = 100;

/**
 * Verdicts whose flows that are not as they should be name the lines of what needs them, such as that of a probe. Others name the
 * line of the object, as those of a large input do after the first hundred objects.
 */
export function withLines(verdicts: readonly Verdict[]): Verdict[] {
  const objects = new Set<string>();
  const exact = (origin: Origin): Origin => {
    const { source, lineOf } = origin;
    if (lineOf === undefined) return origin;
    const object = `${source.file}:${source.line}`;
    if (!objects.has(object) && objects.size >= MOST_OBJECTS) return origin;
    objects.add(object);
    const line = lineOf();
    return line === undefined ? origin : { ...origin, source: { ...source, line } };
  };
  const located = (flow: Flow) => ({ ...flow, origins: flow.origins?.map(exact) ?? [] });
  return verdicts.map((verdict) =>
    verdict.status === "holds" || verdict.flow.origins === undefined
      ? verdict
      : { ...verdict, flow: located(verdict.flow) },
  );
}
