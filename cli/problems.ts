import { InputError } from "../io/errors";

/** What comes of work that may find problems in input: nothing where it does, and they are added to those known. */
export async function attemptLater<T>(problems: string[], work: () => Promise<T>): Promise<T[]> {
  try {
    return [await work()];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.problems);
    return [];
  }
}
