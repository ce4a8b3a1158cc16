/** Gives names that were not given yet. */
export class Names {
  private readonly taken: Set<string>;
  /** The last number of each name, so that thousands alike take no longer than others. */
  private readonly last = new Map<string, number>();

  constructor(taken: Iterable<string> = []) {
    this.taken = new Set(taken);
  }

  /** A name for Terraform made of any text, with a number where it is taken: `orders_rds`, `orders_rds_2`. */
  next(text: string): string {
    const name = identifier(text);
    let number = this.last.get(name) ?? 1;
    let free = number === 1 ? name : `${name}_${number}`;
    while (this.taken.has(free)) {
      number += 1;
      free = `${name}_${number}`;
    }
    this.last.set(name, number);
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
