/**
 * The families of instance types of which no size can carry branch network interfaces, of all 1,401 types in
 * https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/master/pkg/aws/vpc/limits.go, read in August 2026.
 */
const WITHOUT_TRUNK: ReadonlySet<string> = new Set([
  "c1",
  "c3",
  "c4",
  "d2",
  "f1",
  "h1",
  "i2",
  "m1",
  "m2",
  "m3",
  "m4",
  "p3",
  "r3",
  "r4",
  "t1",
  "t2",
  "t3",
  "t3a",
  "t4g",
  "u-6tb1",
  "x1",
  "x1e",
]);

/** Whether an instance type, such as `m5.large`, can carry branch network interfaces; of i3 only the metal size can. */
export function canTrunk(type: string): boolean {
  const [family = "", size] = type.split(".");
  return family === "i3" ? size === "metal" : canFamilyTrunk(family);
}

/** Whether some size of a family, such as `m5`, can. */
export function canFamilyTrunk(family: string): boolean {
  return !WITHOUT_TRUNK.has(family);
}

/** Whether some family of a category can, such as those of `m`; of the burstable ones none can. */
export function canCategoryTrunk(category: string): boolean {
  return category !== "t";
}
