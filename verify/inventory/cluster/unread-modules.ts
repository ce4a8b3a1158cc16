import { parseAddress } from "../../../expression/address";
import { Unknown, type Value } from "../../../expression/value";
import type { ModuleInput } from "../../read/model";
import { moduleNamed } from "../../read/terraform/public-modules/names";
import { text } from "../values";

/** What a module whose files are not there may make of nodes: none, those of Karpenter, or any. */
export type MadeNodes = "none" | "karpenter" | "any";

type Given = NonNullable<ModuleInput["passed"]>;

const NONE = () => "none" as const;

/** Those of Karpenter where an argument is given and not false. */
const withKarpenter =
  (argument: string) =>
  ({ [argument]: enabled = false }: Given) =>
    enabled === false || enabled === "false" || enabled === null ? "none" : "karpenter";

/** Modules whose names speak of clusters, as their sources have them in November 2026: whole ones, or those inside of them. */
const MODULES: Readonly<Record<string, (given: Given) => MadeNodes>> = {
  "aws-ia/eks-ack-addons/aws": NONE,
  "aws-ia/eks-blueprints-addon/aws": ({ chart = "" }) => (mayBeKarpenter(chart) ? "karpenter" : "none"),
  "aws-ia/eks-blueprints-addons/aws": withKarpenter("enable_karpenter"),
  "aws-ia/eks-blueprints-teams/aws": NONE,
  "aws-ia/eks-data-addons/aws": withKarpenter("enable_karpenter_resources"),
  "terraform-aws-modules/eks/aws//modules/_user_data": NONE,
  "terraform-aws-modules/eks/aws//modules/aws-auth": NONE,
  "terraform-aws-modules/eks/aws//modules/capability": NONE,
  "terraform-aws-modules/eks/aws//modules/hybrid-node-role": NONE,
  // The role of the nodes, and a queue for their ends.
  "terraform-aws-modules/eks/aws//modules/karpenter": ({ create = true }) =>
    create === false ? "none" : "karpenter",
};

/** The only ones of a namespace that start machines; none of the others does. */
const STARTS_MACHINES: Readonly<Record<string, readonly string[]>> = {
  "terraform-aws-modules": ["autoscaling", "batch", "ec2-instance", "ecs", "eks", "emr"],
};

/** What a module may make of nodes, by its source where that is one of a public registry, and else by what it is called. */
export function nodesMadeBy({ address, passed = {} }: ModuleInput): MadeNodes {
  const source = text(passed["source"]) ?? "";
  const { name = "", submodule } = moduleNamed(source) ?? {};
  const known = MODULES[submodule === undefined ? name : `${name}//${submodule}`] ?? MODULES[name];
  if (known !== undefined) return known(passed);
  const [namespace = "", called = ""] = name.split("/");
  if (STARTS_MACHINES[namespace]?.includes(called) === false) return "none";
  const words = [ownName(address), ...(name === "" ? [calledBy(source)] : [called]), submodule ?? ""];
  if (words.some((one) => /karpenter/i.test(one))) return "karpenter";
  return words.some((one) => OF_NODES.test(one)) ? "any" : "none";
}

const OF_NODES = /eks|kubernetes|k8s|node|worker|^cluster$/i;

function mayBeKarpenter(chart: Value): boolean {
  return chart instanceof Unknown || /karpenter/i.test(String(chart));
}

/** `eks` of `module.platform["a"].module.eks[0]`. */
export function ownName(address: string): string {
  return parseAddress(address)?.calls.at(-1)?.name ?? address;
}

/** A registry of one's own: `app.terraform.io/acme/eks/aws`. */
const REGISTRY = /^[^/:]+\/[\w-]+\/([\w-]+)\/[\w-]+(?:\/\/|$)/;

/** What is called by a source that is none of a public registry: the module there, or the repository or folder. */
function calledBy(source: string): string {
  const registered = REGISTRY.exec(source)?.[1];
  if (registered !== undefined) return registered;
  const [path = ""] = source.split("?");
  return (
    path
      .replace(/(?:\.git|\.zip)?$/, "")
      .split("/")
      .slice(-1)[0] ?? ""
  );
}
