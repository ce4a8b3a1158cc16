import { absoluteIn, withoutLastKey } from "../../../expression/address";
import type { Value } from "../../../expression/value";
import { failedIn } from "../../../expression/values";
import { isJson } from "../../../io/json";
import type { FailedArgument, LateInstances } from "../model";
import type { Dependencies } from "./dependencies";
import type { LateInstancesReader } from "./late-instances";
import type { Module } from "./module";
import type { Block } from "./module-files";

type InstanceMisfit = LateInstances | FailedArgument;

/** A call of a module, with the module that makes it. */
interface Call {
  readonly caller: Module;
  readonly call: { readonly block: Block; readonly address: string };
}

/** What keeps Terraform from planning the instances of resources: their own `count` or `for_each`, or that of a module around. */
export class InstanceMisfits {
  private readonly ofModules = new Map<string, readonly InstanceMisfit[]>();

  /** @param calls each behind that of its caller */
  constructor(
    private readonly late: LateInstancesReader,
    private readonly hangsOnDefault: Dependencies["hangsOnDefault"],
    calls: readonly Call[],
  ) {
    for (const { caller, call } of calls) {
      const around = this.ofModules.get(caller.path) ?? [];
      const own = this.ofBlock(caller, call.block, `module.${call.block.name}`);
      const module = withoutLastKey(call.address);
      const all = [...around, ...own.map((misfit) => ({ ...misfit, module }))];
      if (all.length > 0) this.ofModules.set(call.address, all);
    }
  }

  of(module: Module, block: Block): readonly InstanceMisfit[] {
    if (block.kind !== "resource") return [];
    const own = this.ofBlock(module, block, `${block.type}.${block.name}`);
    return [...(this.ofModules.get(module.path) ?? []), ...own];
  }

  /** What Terraform certainly cannot evaluate of an argument. @param address of the resource or the module call */
  failed(address: string, argument: string, value: Value): readonly FailedArgument[] {
    const { expression, why } = failedIn([value]) ?? {};
    // Whoever gives another value than a default may be right.
    if (expression === undefined || this.hangsOnDefault(address, argument)) return [];
    return [{ kind: "failed-argument", argument, expression, ...(why !== undefined && { why }) }];
  }

  private ofBlock(module: Module, block: Block, own: string): readonly InstanceMisfit[] {
    const { body } = block;
    const argument = (["count", "for_each"] as const).find((name) => isJson(body) && body[name] != null);
    if (argument === undefined) return [];
    const late = this.late.of(module.path, block, own, argument);
    return late
      ? [late]
      : this.failed(absoluteIn(module.path, own), argument, module.shared(block, argument));
  }
}
