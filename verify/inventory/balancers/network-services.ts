import { Unknown } from "../../../expression/value";
import { field } from "../../../expression/values";
import { type Service, services } from "../kubernetes/services";
import type { Inventory } from "../model";
import { elements } from "../values";
import { annotation, isOn, items, pairs } from "./annotations";
import { controller } from "./controller";
import { typeOf } from "./ingresses";
import type { Balancer, Target } from "./model";
import { groupsNamed, unmappedIn, wordsOf } from "./named-groups";
import { cidrsOf } from "./subnets";
import { writtenBy } from "./written-by";

/** https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/ */
const PREFIX = "service.beta.kubernetes.io/aws-load-balancer-";
const SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";
const ATTRIBUTES = "target-group-attributes";
const PRESERVES = "preserve_client_ip.enabled";

/**
 * What the Services lead to for which the AWS Load Balancer Controller makes an NLB. Others of type LoadBalancer are served by
 * the controller of the cloud provider, and are none of them.
 */
export function serviceTargets(inventory: Inventory): Target[] {
  return services(inventory)
    .filter((service) => isServed(inventory, service))
    .flatMap((service) => targetsOf(inventory, service));
}

/** A class goes before the annotation: one of another controller is no Service of this one. */
function isServed(inventory: Inventory, { annotations, spec, isUncertain }: Service): boolean {
  if (isUncertain) return false;
  const ownClass = field(spec, "loadBalancerClass") ?? null;
  if (ownClass !== null) return ownClass === controller(inventory).loadBalancerClass;
  const type = annotation(annotations, `${PREFIX}type`);
  const targets = annotation(annotations, `${PREFIX}nlb-target-type`);
  return type === "nlb-ip" || (type === "external" && typeOf(targets) !== undefined);
}

function targetsOf(inventory: Inventory, service: Service): Target[] {
  const { namespace, name, annotations, ports } = service;
  if (typeof name !== "string") return [];
  const own = (key: string) => annotation(annotations, `${PREFIX}${key}`);
  const type =
    own("type") === "nlb-ip"
      ? "ip"
      : typeOf(own("nlb-target-type") ?? controller(inventory).defaultTargetType);
  const { balancer, ...ofBalancer } = balancerOf(inventory, service, name);
  return (ports ?? []).map(({ port = null, protocol, part }) => {
    const attributes = own(ATTRIBUTES);
    const ofPort = own(`${ATTRIBUTES}.${port}`);
    const given = pairs(ofPort)?.get(PRESERVES) ?? pairs(attributes)?.get(PRESERVES);
    const isKnown = !(attributes instanceof Unknown || ofPort instanceof Unknown);
    return {
      id: `service/${name}`,
      by: `Service ${typeof namespace === "string" ? `${namespace}/` : ""}${name}`,
      at: { object: service, part },
      namespace,
      service: name,
      port,
      type,
      balancers: [balancer],
      ...(protocol && { protocols: [protocol] }),
      showsClients: isKnown ? isOn(given, type && type === "instance") : undefined,
      healthPort: own("healthcheck-port") ?? "traffic-port",
      ...ofBalancer,
    };
  });
}

/** The NLB, and who writes the rules: without groups, and where it makes them itself, the controller unless it is told not to. */
function balancerOf(inventory: Inventory, { annotations, spec, address, source }: Service, name: string) {
  const own = (key: string) => annotation(annotations, `${PREFIX}${key}`);
  const hasNone = isOn(own("disable-nlb-sg"), false);
  const stated = hasNone === false ? own("security-groups") : undefined;
  const named = stated === undefined || stated === "" ? undefined : groupsNamed(inventory, stated, address);
  const unmapped = unmappedIn(named, { address, source });
  const byDefault = hasNone ? true : controller(inventory).managesRules;
  const manages = isOn(own("manage-backend-security-group-rules"), byDefault);
  const isMade = hasNone === undefined ? undefined : !hasNone && named === undefined;
  const rulesBy = writtenBy(isMade, manages);
  const subnets = own("subnets");
  const addresses = subnets === undefined ? undefined : cidrsOf(inventory, items(subnets));
  const clients = clientsOf(spec, annotation(annotations, SOURCE_RANGES), own("scheme"));
  const groups = named !== undefined && "unknown" in named ? undefined : named;
  const balancer: Balancer = {
    name: `${name}-nlb`,
    groups: hasNone ? [] : groups,
    ...(addresses && { addresses }),
    ...(clients && { clients }),
  };
  const unknown = wordsOf(unmapped);
  return {
    balancer,
    rulesBy,
    ...(unknown !== undefined && { unknown }),
    ...(unmapped && rulesBy === "user" && { unmapped }),
  };
}

/** Who may be a client: those that are stated, else everybody where it faces the internet. */
function clientsOf(
  spec: Service["spec"],
  ranges: ReturnType<typeof annotation>,
  scheme: ReturnType<typeof annotation>,
) {
  const stated = elements(field(spec, "loadBalancerSourceRanges") ?? null);
  const given = stated.length > 0 ? stated : ranges === undefined ? [] : items(ranges);
  if (given.length > 0) return given.every((one) => typeof one === "string") ? given : undefined;
  return scheme === "internet-facing" ? ["internet"] : undefined;
}
