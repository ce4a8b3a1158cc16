import type { Direction } from "../network/rules";
import type { Role } from "../verify/inventory/model";

/** A value of an argument as a state holds it. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** Arguments by their names: those alone that a group or a rule has. */
export type Arguments = { readonly [argument: string]: Plain };

/** Who carries a group. */
export interface Carriers {
  readonly roles: readonly Role[];
  /** The addresses of the resources of the state that attach it. */
  readonly resources: readonly string[];
  /** The number of interfaces; absent where AWS did not list them. */
  readonly interfaces?: number;
}

/** A security group that a state holds. */
export interface FoundGroup {
  readonly kind: "group";
  readonly address: string;
  readonly type: string;
  /** `sg-…` */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  /** Of its ARN, as is the account. */
  readonly region: string;
  readonly account: string;
  readonly tags: Readonly<Record<string, string>>;
  /** What the provider adds to the tags of every resource, as far as the state shows it. */
  readonly defaultTags: Readonly<Record<string, string>>;
  readonly revokesRulesOnDelete: boolean;
  /** The rules that its configuration has as blocks, by direction; absent where it has no such blocks. */
  readonly inline: Readonly<Partial<Record<Direction, readonly Arguments[]>>>;
  readonly undeclared: readonly Undeclared[];
  /** Whether all of its configuration was read, which a plan does not record: then blocks are told from rules of others. */
  readonly isConfigured: boolean;
  /** The directions in which its configuration has blocks and leaves their rules to others (`ignore_changes`). */
  readonly leaves?: readonly Direction[];
  /** What `lifecycle` says in its configuration that no module does: `prevent_destroy = true`. */
  readonly lifecycle?: readonly string[];
  /** The configuration of its provider as the root names it (`aws.west`), where it is known and not the default. */
  readonly provider?: string;
  /**
   * Of a group whose rules get another form: its rules that are resources today and no longer will be. Whatever takes the group
   * over lets them go by `removed`.
   */
  readonly releases?: readonly FoundRule[];
  /** That no state holds it: AWS lists it, and its address is its id. */
  readonly isListed?: true;
  /** Absent where nothing shows who carries it. */
  readonly carriers?: Carriers;
}

/** A rule in force that no call holds: no resource of the state and no known block declares it, or it is somebody else's. */
export interface Undeclared {
  readonly direction: Direction;
  /** What it admits. */
  readonly words: string;
  /** Who makes it, where that is known. */
  readonly owner?: string;
  /** Whether the state has it all the same. */
  readonly isHeld?: true;
}

/** A rule that a state holds as a resource of its own. */
export interface FoundRule {
  readonly kind: "rule";
  readonly address: string;
  readonly type: string;
  readonly form: "classic" | "per-rule";
  readonly direction: Direction;
  /** What the provider calls it: `sgr-…`, of a classic rule a made-up one. */
  readonly id: string;
  /** The id of the group that it is on. */
  readonly group: string;
  /** The ids of the groups that it names. */
  readonly peers: readonly string[];
  readonly values: Arguments;
  /** The same as the state spells it, such as protocol "6", where that is otherwise: another spelling would be a change. */
  readonly spelled?: Arguments;
  /** What `lifecycle` says in its configuration that no module does: `ignore_changes = [tags]`. */
  readonly lifecycle?: readonly string[];
  /** `sgr-…`, where the state has it: of a classic rule only with a single peer. */
  readonly ruleId?: string;
  /**
   * Of a rule that gets another form: what declares it today, resources of another form or a group with blocks. Its address is
   * then one that nothing has, and it is imported, not moved.
   */
  readonly origins?: readonly Found[];
  /** That no state holds it: AWS lists it, and its address is its id. */
  readonly isListed?: true;
  /** Of one that no state holds: what it is called after. */
  readonly name?: string;
  /** Of one whose form nothing fixes: the same in the other form. */
  readonly other?: FoundRule;
}

export type Found = FoundGroup | FoundRule;

/** That an object or a module has got another address: absolute addresses. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/** All groups and rules of a state, in the order of their addresses. */
export interface Estate {
  readonly groups: readonly FoundGroup[];
  readonly rules: readonly FoundRule[];
  /** The names that calls of the root have, and those that its `moved` and `removed` blocks say calls had. */
  readonly calls: ReadonlySet<string>;
  /** Those of other modules than `security-group`, as far as a configuration tells what is called. */
  readonly otherCalls: ReadonlySet<string>;
  /** What `moved` blocks of its configuration say, with the names of addresses as Terraform writes them. */
  readonly moves: readonly Move[];
}

/**
 * How objects get to their new addresses: they move inside their state; another state imports them, and theirs lets them go; or no
 * state has them, and one imports them.
 */
export type Way = "moved" | "imported" | "listed";

/** An object that is taken over, and its new address. */
export interface Taken {
  readonly from: Found;
  readonly to: string;
}

/** A call of a module that holds what exists. */
export interface Call {
  /** Its name in the root. */
  readonly name: string;
  /** The module's name, such as `security-group`. */
  readonly module: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly provider?: string;
  readonly takes: readonly Taken[];
  /** What the apply changes in place, because it was accepted. */
  readonly changes?: readonly InPlace[];
  /** Why it is not a module that is made for such a group, where one looked like it. */
  readonly reason?: string;
}

/** A change in place, which leaves all that is reachable as it is. */
export interface InPlace {
  /** The address of the object today. */
  readonly from: string;
  /** Its new one. */
  readonly to: string;
  readonly argument: "tags" | "description";
  /** The values in words. */
  readonly before: string;
  readonly after: string;
}

/** What is not taken over. */
export interface Left {
  readonly address: string;
  readonly reason: string;
  /** Whether it belongs to somebody else, so that nothing is missing. */
  readonly isOthers: boolean;
}
