/**
 * What must work and what must stay closed, as data: `flows.yaml` is written of it. Expressions are Terraform's, as text.
 *
 * @typeParam Endpoint the names of the endpoints
 */
export interface ModuleFlows<Endpoint extends string = string> {
  /** The endpoint that the worker nodes are. */
  readonly nodes?: Endpoint;
  readonly endpoints: Readonly<Record<Endpoint, FlowEndpoint>>;
  /** Flows by their names, in groups with a blank line between them. */
  readonly flows: readonly Readonly<Record<string, StatedFlow<Endpoint | "internet">>>[];
  readonly suppress?: readonly Suppression[];
}

/** Who is at an end of a flow. */
export interface FlowEndpoint {
  /** The address of a security group, or an expression of its id. */
  readonly group: string;
  /** Templates of addresses. */
  readonly cidrs?: readonly string[];
  /** Whether it runs on the nodes, so that the enforcing mode of the CNI is about it. */
  readonly isOnNodes?: boolean;
  /** A comment above it. */
  readonly note?: string;
}

export interface StatedFlow<Endpoint extends string = string> {
  readonly verdict: "allow" | "deny";
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** In the words of `flows.yaml`: `all`, `TCP 80, 443`, `all except TCP 53`. */
  readonly traffic: string;
  readonly description?: string;
  /** An expression of a map: one flow for each element. */
  readonly forEach?: string;
  /** Expressions that must all be true for the flow to be wanted. */
  readonly when?: readonly string[];
  /** The endpoints whose half of the rules must be here, too, and a comment that says why. */
  readonly required?: Endpoint | readonly Endpoint[];
  readonly requiredNote?: string;
}

/** A finding of the verifier that is expected. */
export interface Suppression {
  readonly check: string;
  readonly address: string;
  /** Whether it also holds at the policies that give the group. */
  readonly withPolicies?: boolean;
  /** An expression: where it is false or not known, nothing is suppressed. */
  readonly when?: string;
  readonly reason: string;
}
