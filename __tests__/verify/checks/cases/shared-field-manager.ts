import type { Cases } from "../support/case";
import { env, INIT, NODE, other } from "../support/cni";

export const cases: Cases = [
  {
    what: "none given for either",
    resources: {
      "kubernetes_env.a": env(NODE, {}),
      "kubernetes_env.b": env(INIT, {}, { field_manager: "Terraform" }),
    },
    found: [["kubernetes_env.a", "error"]],
    says: "kubernetes_env.a and kubernetes_env.b change one object with one field manager (Terraform, the default): they erase each other's variables. Give each its own field_manager.",
  },
  {
    what: "one that is not known, given to both",
    resources: {
      "kubernetes_env.a": env(NODE, {}, { field_manager: "${var.m}" }),
      "kubernetes_env.b": env(INIT, {}, { field_manager: "${var.m}" }),
    },
    found: [["kubernetes_env.a", "error"]],
  },
  {
    what: "each its own",
    resources: {
      "kubernetes_env.a": env(NODE, {}, { field_manager: "one" }),
      "kubernetes_env.b": env(INIT, {}),
    },
  },
  {
    what: "one for the same variable, of which cni-configured-twice speaks",
    resources: {
      "kubernetes_env.a": env(NODE, { ENABLE_POD_ENI: "true" }),
      "kubernetes_env.b": env(NODE, { ENABLE_POD_ENI: "true" }),
    },
  },
  {
    what: "one on two objects",
    resources: { "kubernetes_env.a": env(NODE, {}), "kubernetes_env.b": env(NODE, {}, other) },
  },
];
