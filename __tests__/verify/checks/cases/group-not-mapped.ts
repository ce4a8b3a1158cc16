import type { Cases } from "../support/case";
import { policy } from "../support/pods";
import { GROUPS } from "../support/rules";

const ADDRESS = "shop/SecurityGroupPolicy/orders";

/** A manifest whose policy has these in the place of ids. */
const written = (...groupIds: readonly string[]) => ({
  [ADDRESS]: policy({ podSelector: { matchLabels: { app: "orders" } }, securityGroups: { groupIds } })[
    "manifest"
  ] as Record<string, unknown>,
});

export const cases: Cases = [
  {
    what: "a placeholder",
    resources: GROUPS,
    manifests: written("${ORDERS_SG_ID}"),
    found: [[ADDRESS, "warning"]],
    says: "${ORDERS_SG_ID} in shop/SecurityGroupPolicy/orders stands for no group that is known here, so what its pods reach is not known. Say which group is meant: under groups in flows.yaml, or by --group '${ORDERS_SG_ID}=ADDRESS'. Declared here and attached to nothing: aws_security_group.a and aws_security_group.b.",
  },
  {
    what: "a placeholder of another spelling",
    resources: GROUPS,
    manifests: written("<sg-id_goes_here>"),
    found: [[ADDRESS, "warning"]],
  },
  {
    what: "the id of a group that the configuration does not declare: it may be any of its own",
    resources: GROUPS,
    manifests: written("sg-0a1b2c3d4e5f60001"),
    found: [[ADDRESS, "warning"]],
  },
  {
    what: "two of which one is mapped",
    resources: GROUPS,
    manifests: written("A", "B"),
    groupWords: { A: "aws_security_group.a" },
    found: [[ADDRESS, "warning"]],
  },
  {
    what: "a placeholder that is mapped",
    resources: GROUPS,
    manifests: written("A"),
    groupWords: { A: "aws_security_group.a" },
  },
  {
    what: "an id that is said to be of a group elsewhere",
    resources: GROUPS,
    manifests: written("sg-0a1b2c3d4e5f60001"),
    groupWords: { "sg-0a1b2c3d4e5f60001": "sg-0a1b2c3d4e5f60001" },
  },
  {
    what: "in a state, the id of a group",
    kind: "state",
    resources: { "aws_security_group.a": { id: "sg-0a1b2c3d4e5f60001" } },
    manifests: written("sg-0a1b2c3d4e5f60001"),
  },
  {
    what: "in a state, the id of another one: it is elsewhere",
    kind: "state",
    resources: { "aws_security_group.a": { id: "sg-0a1b2c3d4e5f60001" } },
    manifests: written("sg-0a1b2c3d4e5f60002"),
  },
  {
    what: "a placeholder in Terraform, which is refused",
    resources: {
      ...GROUPS,
      "kubernetes_manifest.p": policy({
        podSelector: { matchLabels: { app: "orders" } },
        securityGroups: { groupIds: ["ORDERS_SG_ID"] },
      }),
    },
  },
];
