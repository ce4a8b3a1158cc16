import { inject } from "vitest";
import type { AwsStage, KubernetesStage } from "./setup";

/*
 * Each of vitest's workers has a stage of its own, with its own emulator, provider and cluster, because tests count what is
 * there and runs of one provider must not overlap.
 */

/** The stage of this worker for tests on AWS. */
export const awsStage = (): AwsStage => own(inject("aws"));

/** The stage of this worker for tests on Kubernetes. */
export const kubernetesStage = (): KubernetesStage => own(inject("kubernetes"));

function own<T>(stages: readonly T[]): T {
  const worker = Number(process.env["VITEST_POOL_ID"]);
  const stage = stages[worker - 1];
  if (stage === undefined)
    throw new Error(
      `worker ${worker} of vitest has no stage: there are ${stages.length}, one for each worker`,
    );
  return stage;
}
