import type { Resources } from "../../support/input";
import type { Case, Cases } from "../support/case";
import { podPolicy } from "../support/pods";
import { A } from "../support/rules";

const replaced = (resources: Resources, actions: readonly string[], kind: Case["kind"] = "plan") => ({
  kind,
  resources,
  actions: { "aws_security_group.a": actions },
  before: { "aws_security_group.a": { name: "old", description: "Same." } },
});
const RENAMED = { "aws_security_group.a": { name: "new", description: "Same." } };

export const cases: Cases = [
  {
    what: "the name of a pods' group changes",
    ...replaced({ ...RENAMED, "kubernetes_manifest.p": podPolicy(A) }, ["delete", "create"]),
    found: [["aws_security_group.a", "error"]],
    says: "The plan replaces aws_security_group.a: its name changes. The pods that carry it keep the old group until they are restarted, and lose what its rules allowed. Keep the name, description and VPC unchanged, or add a new group next to it and move the pods first.",
  },
  {
    what: "the name of a group that may be pods' changes",
    ...replaced(RENAMED, ["create", "delete"]),
    found: [["aws_security_group.a", "warning"]],
  },
  { what: "a group is made", ...replaced({ ...RENAMED, "kubernetes_manifest.p": podPolicy(A) }, ["create"]) },
  {
    what: "a database's group changes",
    ...replaced({ ...RENAMED, "aws_db_instance.d": { vpc_security_group_ids: [A] } }, ["delete", "create"]),
  },
];
