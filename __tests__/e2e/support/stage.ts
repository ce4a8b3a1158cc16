import { inject } from "vitest";

/*
 * Each of vitest's workers has a stage of its own, with its own emulator, provider and cluster, because tests count what is
 * there and runs of one provider must not overlap.
 */

/** What the tests on AWS find; `reason` says in one line why they cannot run. */
export interface AwsStage {
  readonly reason?: string;
  /** The emulator's address. */
  readonly endpoint: string;
  /** A copy of the repository, in which the tests may leave what they like. */
  readonly copy: string;
  /** Where Terraform keeps the providers that it has downloaded. */
  readonly pluginCache: string;
  /** A value of `TF_REATTACH_PROVIDERS` for a provider that runs already, unless it cannot be had. */
  readonly reattach?: string;
}

/** What the tests on Kubernetes find. */
export interface KubernetesStage {
  readonly reason?: string;
  readonly kubeconfig: string;
  /** The `kubectl` to use. */
  readonly kubectl: string;
  /** Whether controllers run, which make pods of what is applied. */
  readonly hasControllers: boolean;
}

/** Whether Terraform can install the Kubernetes provider: tests that mock it need no API. */
export interface KubernetesProviderStage {
  readonly reason?: string;
}

/** Whether there is a Terraform: some tests need nothing else. */
export interface TerraformStage {
  readonly reason?: string;
}

/** What the tests of the cdktf CLI find. */
export interface CliStage {
  readonly reason?: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    /** One for each worker. */
    aws: readonly AwsStage[];
    cli: CliStage;
    /** One for each worker: the variables that lead to a home in which nobody is logged in. */
    homes: readonly Record<string, string>[];
    /** One for each worker. */
    kubernetes: readonly KubernetesStage[];
    kubernetesProvider: KubernetesProviderStage;
    terraform: TerraformStage;
  }
}

/** The stage of this worker for tests on AWS. */
export const awsStage = (): AwsStage => own(inject("aws"));

/** The stage of this worker for tests on Kubernetes. */
export const kubernetesStage = (): KubernetesStage => own(inject("kubernetes"));

/** The variables that lead to the home of this worker's commands, in which nobody is logged in. npm keeps its cache there. */
export const homeVariables = (): Record<string, string> => own(inject("homes"));

function own<T>(stages: readonly T[]): T {
  const worker = Number(process.env["VITEST_POOL_ID"]);
  const stage = stages[worker - 1];
  if (stage === undefined)
    throw new Error(
      `worker ${worker} of vitest has no stage: there are ${stages.length}, one for each worker`,
    );
  return stage;
}
