export type EnforcingMode = "strict" | "standard";

/** Who runs the cluster's CNI: itself, patched by `kubernetes_env`; the managed add-on; somebody else. */
export type CniManagement = "kubernetes_env" | "addon" | "external";
