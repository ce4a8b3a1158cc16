/** Gives names that were not given yet. */
export class Names {
  private readonly taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.taken = new Set(taken);
  }

  /** A name for Terraform made of any text, with a number where it is taken: `orders_rds`, `orders_rds_2`. */
  next(text: string): string {
    const name = identifier(text);
    let free = name;
    for (let number = 2; this.taken.has(free); number += 1) free = `${name}_${number}`;
    this.taken.add(free);
    return free;
  }
}

/** Text as the name of a module call and as a key: lower-case letters, digits and underscores, not too long. */
function identifier(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 100);
  return /^[a-z]/.test(name) ? name : `group_${name}`.replace(/_$/, "");
}
