/** What the action's steps say to GitHub: outputs, the job's summary, and annotations. */
import { appendFileSync } from "node:fs";

/** Gives outputs of a step, which hold no line breaks. */
export function output(values) {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
  appendFileSync(process.env.GITHUB_OUTPUT, lines.join(""));
}

/**
 * Makes an annotation of the run.
 *
 * @param kind `error`, `warning` or `notice`
 */
export function annotate(kind, message) {
  const escaped = message.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  console.log(`::${kind} title=eks-pod-security-groups::${escaped}`);
}
