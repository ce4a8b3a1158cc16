import { Unknown, type Value } from "../../../expression/value";
import { field } from "../../../expression/values";
import { groupedBy } from "../../../io/lists";
import type { KubernetesObject, Source } from "../../read/model";
import { type Service, serviceNamed } from "../kubernetes/services";
import type { Inventory } from "../model";
import { once } from "../once";
import { blocks, elements, text } from "../values";
import { type Annotation, annotation, isOn } from "./annotations";
import { controller } from "./controller";
import type { Target } from "./model";
import { groupsNamed, unmappedIn, wordsOf } from "./named-groups";
import { writtenBy } from "./written-by";

/** https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/ */
const PREFIX = "alb.ingress.kubernetes.io/";
const CONTROLLER = "ingress.k8s.aws/alb";
const CLASS = "kubernetes.io/ingress.class";
const DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class";
/** The name of a port that says that an annotation has what to do. */
const USE_ANNOTATION = "use-annotation";

/** An Ingress that the AWS Load Balancer Controller serves. */
interface Ingress {
  readonly object: KubernetesObject;
  readonly namespace: Value;
  readonly name: string;
  readonly annotations: Value;
  /** The parameters of its class; undefined where it has none, unknown where the input does not show them. */
  readonly parameters: Value | undefined;
}

/** What the Ingresses of the AWS Load Balancer Controller lead to. Those of other controllers are none of them. */
export function ingressTargets(inventory: Inventory): Target[] {
  const ingresses = inventory.objects.flatMap((object) => ingressOf(inventory, object));
  const byBalancer = groupedBy(ingresses, groupName);
  return [...byBalancer.values()].flatMap((members) => {
    const shared = sharedBy(inventory, members);
    return members.flatMap((member) => targetsOf(inventory, member, shared));
  });
}

function ingressOf(inventory: Inventory, object: KubernetesObject): Ingress[] {
  const { body, isUncertain } = object;
  if (field(body, "kind") !== "Ingress" || isUncertain) return [];
  const annotations = field(body, "metadata", "annotations") ?? null;
  const served = classOf(inventory, field(body, "spec", "ingressClassName") ?? null, annotations);
  const name = text(field(body, "metadata", "name"));
  if (served === undefined || name === undefined) return [];
  const namespace = field(body, "metadata", "namespace") ?? "default";
  return [{ object, namespace, name, annotations, parameters: served.parameters }];
}

/** The class of an Ingress, if it is certainly one of this controller: the annotation goes before the field. */
function classOf(
  inventory: Inventory,
  className: Value,
  annotations: Value,
): { readonly parameters: Value | undefined } | undefined {
  const own = annotation(annotations, CLASS);
  if (own !== undefined)
    return own === controller(inventory).ingressClass ? { parameters: undefined } : undefined;
  const { IngressClass: classes = [], IngressClassParams: allParameters = [] } = classObjects(inventory);
  const isMeant = ({ body }: KubernetesObject) =>
    className === null
      ? annotation(field(body, "metadata", "annotations") ?? null, DEFAULT_CLASS) === "true"
      : field(body, "metadata", "name") === className;
  const found = classes.find(isMeant);
  // The chart makes a class of this name.
  if (found === undefined) return className === "alb" ? { parameters: undefined } : undefined;
  if (field(found.body, "spec", "controller") !== CONTROLLER) return undefined;
  const parameters = field(found.body, "spec", "parameters", "name");
  if (parameters === undefined || parameters === null) return { parameters: undefined };
  const params = allParameters.find(({ body }) => field(body, "metadata", "name") === parameters);
  return {
    parameters: params
      ? (field(params.body, "spec") ?? null)
      : new Unknown(`IngressClassParams ${parameters}`),
  };
}

const classObjects = once(({ objects }: Inventory) => {
  const of = (kind: string) => objects.filter(({ body }) => field(body, "kind") === kind);
  return { IngressClass: of("IngressClass"), IngressClassParams: of("IngressClassParams") };
});

/** Ingresses of one group are one load balancer. */
function groupName({ object, annotations, parameters }: Ingress): string {
  const name = field(parameters, "group", "name") ?? annotation(annotations, `${PREFIX}group.name`);
  if (name instanceof Unknown) return `unknown ${name.expression}`;
  return name === undefined || name === null ? `alone ${object.address}` : `group ${String(name)}`;
}

/** What the Ingresses of one load balancer have in common. */
interface Shared {
  readonly stated:
    | { readonly value: string | Unknown; readonly address: string; readonly source: Source }
    | undefined;
  readonly manages: boolean | undefined;
  readonly isKnown: boolean;
}

function sharedBy(inventory: Inventory, members: readonly Ingress[]): Shared {
  const given = (key: string) =>
    members.flatMap(({ annotations, object: { address, source } }) => {
      const value = annotation(annotations, `${PREFIX}${key}`);
      return value === undefined || value === "" ? [] : [{ value, address, source }];
    });
  const [stated] = given("security-groups");
  const [manages] = given("manage-backend-security-group-rules");
  return {
    stated,
    manages: isOn(manages?.value, controller(inventory).managesRules),
    isKnown: members.every(
      ({ annotations, parameters }) => !(annotations instanceof Unknown || parameters instanceof Unknown),
    ),
  };
}

function targetsOf(inventory: Inventory, ingress: Ingress, { stated, manages, isKnown }: Shared): Target[] {
  const { object, namespace, name, annotations, parameters } = ingress;
  const named = stated && groupsNamed(inventory, stated.value, stated.address);
  const unmapped = stated && unmappedIn(named, stated);
  const groups = named !== undefined && "unknown" in named ? undefined : named;
  const rulesBy = isKnown ? writtenBy(stated === undefined, manages) : undefined;
  const unknown = isKnown ? wordsOf(unmapped) : "what its annotations or the parameters of its class say";
  return backendsOf(object.body, annotations).map(({ service, port, part }) => {
    const found = serviceNamed(inventory, namespace, service);
    const own = (key: string) =>
      // An annotation of the Service goes before that of the Ingress.
      (found && annotation(found.annotations, `${PREFIX}${key}`)) ??
      annotation(annotations, `${PREFIX}${key}`);
    return {
      id: `ingress/${name}`,
      by: `Ingress ${typeof namespace === "string" ? `${namespace}/` : ""}${name}`,
      at: { object, part },
      namespace,
      service,
      port,
      type: typeOf(field(parameters, "targetType") ?? own("target-type") ?? defaultType(inventory, found)),
      rulesBy,
      balancers: [{ name: `${name}-alb`, groups }],
      protocols: ["tcp"],
      showsClients: false,
      healthPort: own("healthcheck-port") ?? "traffic-port",
      ...(unknown !== undefined && { unknown }),
      ...(unmapped && rulesBy === "user" && { unmapped }),
    };
  });
}

/** Nodes are no targets of a Service that has no port on them: then the controller was told another default. */
function defaultType(inventory: Inventory, service: Service | undefined): Value | undefined {
  const type = controller(inventory).defaultTargetType;
  const hasNodePorts = ["LoadBalancer", "NodePort"].includes(String(field(service?.spec, "type")));
  return type === "instance" && !hasNodePorts ? undefined : type;
}

export function typeOf(value: Value | undefined): Target["type"] {
  return value === "ip" || value === "instance" ? value : undefined;
}

interface Backend {
  readonly service: string;
  readonly port: Value;
  /** Where it stands in the Ingress. */
  readonly part: Value;
}

/** The Services that an Ingress leads to, in the form of v1 and in that of v1beta1, each port once. */
function backendsOf(body: Value, annotations: Value): readonly Backend[] {
  const spec = field(body, "spec") ?? null;
  const paths = elements(field(spec, "rules") ?? null).flatMap((rule) =>
    elements(field(rule, "http", "paths") ?? null),
  );
  const backends = [
    field(spec, "defaultBackend"),
    field(spec, "backend"),
    ...paths.map((path) => field(path, "backend")),
  ];
  const found = backends.flatMap((backend): Backend[] => {
    const service = text(field(backend, "service", "name")) ?? text(field(backend, "serviceName"));
    const port =
      field(backend, "service", "port", "number") ??
      field(backend, "service", "port", "name") ??
      field(backend, "servicePort") ??
      null;
    if (service === undefined) return [];
    const part = backend ?? null;
    return port === USE_ANNOTATION
      ? byAction(annotation(annotations, `${PREFIX}actions.${service}`), part)
      : [{ service, port, part }];
  });
  return [...new Map(found.map((one) => [`${one.service} ${String(one.port)}`, one])).values()];
}

/** The Services that an action of an annotation forwards to, for a backend. */
function byAction(action: Annotation, part: Value): Backend[] {
  if (typeof action !== "string") return [];
  const parsed = json(action);
  const tuples = blocks(field(parsed, "forwardConfig", "targetGroups")).flatMap((tuple): Backend[] => {
    const service = text(field(tuple, "serviceName"));
    const port = field(tuple, "servicePort") ?? null;
    const number = /^\d+$/.test(String(port)) ? Number(port) : port;
    return service === undefined ? [] : [{ service, port: number, part }];
  });
  return tuples;
}

function json(words: string): Value {
  try {
    return JSON.parse(words) as Value;
  } catch {
    return null;
  }
}
