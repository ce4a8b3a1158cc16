import type { Value } from "../../../expression/value";
import type { GroupKey } from "../../../network/peers";
import type { ObjectPart, Source } from "../../read/model";
import type { Protocol } from "../kubernetes/services";

/** What connects to the targets. */
export interface Balancer {
  /** As flows call it, such as `front-alb`. */
  readonly name: string;
  /** The groups that it carries: none, or undefined where they are not known. */
  readonly groups: readonly GroupKey[] | undefined;
  /** The CIDRs that its addresses lie in; undefined where they are not known. */
  readonly addresses?: readonly string[];
  /** Of an NLB: the CIDRs that clients come from; undefined where they are not known. */
  readonly clients?: readonly string[];
}

/** A target group of the AWS Load Balancer Controller: the pods, or the nodes, behind a port of a Service. */
export interface Target {
  /** Such as `ingress/front`: as ids name what asks for it. */
  readonly id: string;
  /** Such as `Ingress shop/front`. */
  readonly by: string;
  /** Where it names the Service, or of a Service the port. */
  readonly at: ObjectPart;
  readonly namespace: Value;
  /** The name of the Service. */
  readonly service: string;
  /** The number or the name of the port of the Service. */
  readonly port: Value;
  /** Pods, or the nodes by the port that the Service has on each; undefined where it is not known. */
  readonly type: "ip" | "instance" | undefined;
  /** Who writes the rules that let the balancer in; undefined where it is not known. */
  readonly rulesBy: "controller" | "user" | undefined;
  /** Several where Terraform makes the balancers: each of them needs to come in. */
  readonly balancers: readonly Balancer[];
  /** The protocols of the target group; absent where they are those of the Service's port. */
  readonly protocols?: readonly Protocol[];
  /** Whether targets see the addresses of clients, over TCP; undefined where it is not known. */
  readonly showsClients: boolean | undefined;
  /** `traffic-port`, or the number of a port or the name of one of the Service that health checks connect to. */
  readonly healthPort: Value;
  /** What of it is not known, in words, if that is why it cannot be judged. */
  readonly unknown?: string;
  /** Where groups are stated that are not known: the object, and its words for them. */
  readonly unmapped?: Unmapped;
}

/** Words of an object for groups, of which nobody says which they are. */
export interface Unmapped {
  readonly address: string;
  readonly source: Source;
  readonly words: readonly string[];
}
