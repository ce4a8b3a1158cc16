/** Words in a sentence: `a, b or c`. */
export const listed = (words: readonly string[]) => words.join(", ").replace(/, ([^,]*)$/, " or $1");
