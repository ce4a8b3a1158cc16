/** Whether something is so; unknown where the input does not determine it. */
export type Certainty = boolean | "unknown";

export function anyOf(answers: readonly Certainty[]): Certainty {
  return answers.includes(true) || (answers.includes("unknown") && "unknown");
}

export function allOf(answers: readonly Certainty[]): Certainty {
  return !answers.includes(false) && (answers.includes("unknown") ? "unknown" : true);
}
