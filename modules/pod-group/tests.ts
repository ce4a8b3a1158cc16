import type { ModuleTest } from "../../terraform/contract";
export const tests: Record<string, ModuleTest> = {};
