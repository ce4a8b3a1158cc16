/** The command that the package brings, as `bin` in `package.json` names it. */
export const COMMAND = "eks-pod-security-groups";
