import { Unknown, type Value } from "../../../expression/value";
import { field } from "../../../expression/values";
import { podTemplateOf } from "../../read/kubernetes/pod-template";
import type { Inventory } from "../model";
import { once } from "../once";
import { elements, text } from "../values";

/** What the AWS Load Balancer Controller is started with, as far as it matters; undefined where it is not known. */
export interface Controller {
  /** Whether it writes rules for balancers whose groups are stated, where no annotation says so. */
  readonly managesRules: boolean | undefined;
  readonly defaultTargetType: string | undefined;
  readonly loadBalancerClass: string | undefined;
  /** The class of the annotation of Ingresses. */
  readonly ingressClass: string | undefined;
}

const CHART = "aws-load-balancer-controller";

/**
 * Each setting by its option, by its value of the chart, with its default.
 * https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/configurations/
 */
const SETTINGS = {
  managesRules: [
    "enable-manage-backend-security-group-rules",
    "enableManageBackendSecurityGroupRules",
    "false",
  ],
  defaultTargetType: ["default-target-type", "defaultTargetType", "instance"],
  loadBalancerClass: ["load-balancer-class", "loadBalancerClass", "service.k8s.aws/nlb"],
  ingressClass: ["ingress-class", "ingressClass", "alb"],
} as const;

/** What the input says of the controller: by its Deployment, or by its chart. What it does not show has its default. */
export const controller: (of: Inventory) => Controller = once((inventory) => {
  const given = optionsIn(inventory);
  const of = (name: keyof typeof SETTINGS) => {
    const [option, value, byDefault] = SETTINGS[name];
    const found = given(option, value);
    if (found instanceof Unknown) return undefined;
    return found === undefined || found === null || found === "" ? byDefault : String(found);
  };
  const managesRules = of("managesRules");
  return {
    managesRules: managesRules === undefined ? undefined : managesRules === "true",
    defaultTargetType: of("defaultTargetType"),
    loadBalancerClass: of("loadBalancerClass"),
    ingressClass: of("ingressClass"),
  };
});

type Given = (option: string, value: string) => Value | undefined;

function optionsIn({ objects, releases }: Inventory): Given {
  const release = releases.find(({ chart }) => chart === CHART);
  if (release !== undefined) return (_, value) => field(release.values, value);
  const containers = objects
    .filter(({ body }) => field(body, "kind") === "Deployment")
    .flatMap(({ body }) => elements(field(podTemplateOf(body)?.spec, "containers") ?? null))
    .filter((one) => text(field(one, "image"))?.includes(`/${CHART}:`));
  const args = containers.flatMap((one) => [
    ...elements(field(one, "command") ?? null),
    ...elements(field(one, "args") ?? null),
  ]);
  return (option) => {
    const found = args.flatMap((one) => {
      const [name, ...value] = (text(one) ?? "").replace(/^--?/, "").split("=");
      return name === option ? [value.length === 0 ? "true" : value.join("=")] : [];
    });
    return found.at(-1);
  };
}
