import type { FlowId } from "./model";

/** A flow's id as one text: `RQ3`, `module.rds_mysql/RQ3`, `module.rds_mysql/office["10.0.0.0/8"]`. */
export function flowIdText(id: FlowId): string {
  return id.module === "" ? localFlowId(id) : `${id.module}/${localFlowId(id)}`;
}

/** The same within the module call that states the flow: `RQ3`, `office["10.0.0.0/8"]`. */
export function localFlowId({ name, key }: FlowId): string {
  return key === undefined ? name : `${name}[${JSON.stringify(key)}]`;
}
