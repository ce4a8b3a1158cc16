/** Where a group stands, and of what it has instances. */
export const PLACES = ["root", "count", "for_each", "module", "module count", "module for_each"] as const;
export type GroupPlace = (typeof PLACES)[number];

/** Keys of instances that are no names. */
export const KEYS = ["a", "b.c/d e"] as const;
