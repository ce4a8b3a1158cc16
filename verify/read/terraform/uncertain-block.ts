/**
 * Marks a block of which nobody knows whether it exists: one that stands for a `dynamic` block whose `for_each` could
 * not be evaluated. No argument has this name.
 */
export const UNCERTAIN = "dynamic";
