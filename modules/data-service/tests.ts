import type { ModuleTest } from "../../terraform/contract";
export const tests = (
  _key: string,
  _ports: Readonly<Record<string, number>>,
): Record<string, ModuleTest> => ({});
