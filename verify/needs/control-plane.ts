import { once } from "../inventory/once";
import { interfaces, party } from "./interfaces";
import type { Estate, Party } from "./model";

/** The control plane of each cluster by the groups that its interfaces carry: those that it is given, and EKS's own. */
export const controlPlanes: (estate: Estate) => readonly Party[] = once((estate) => {
  const all = interfaces(estate).filter(({ role, groups }) => role === "control-plane" && groups.length > 0);
  return all.map(({ groups }) => party(estate, groups, "control-plane"));
});
