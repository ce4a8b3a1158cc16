import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The project's folder. */
export const PROJECT = resolve(__dirname, "../..");

/** What Terraform reads of a committed stack. */
export function committedStack(name: string): Configuration {
  return JSON.parse(readFileSync(join(PROJECT, "cdktf.out/stacks", name, "cdk.tf.json"), "utf8"));
}

/** The defaults of the variables that have one. */
export function defaultsOf({ variable }: Configuration): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(variable)
      .filter(([, spec]) => "default" in spec)
      .map(([name, spec]) => [name, spec["default"]]),
  );
}

/** As much of Terraform's JSON as the tests look at. */
export interface Configuration {
  terraform: Record<string, unknown>;
  resource: Record<string, Record<string, Record<string, unknown>>>;
  data: Record<string, Record<string, Record<string, unknown>>>;
  module: Record<string, Record<string, unknown>>;
  variable: Record<string, Record<string, unknown>>;
  output: Record<string, { value: unknown; description: string }>;
  locals: Record<string, unknown>;
  provider: Record<string, unknown>;
}
