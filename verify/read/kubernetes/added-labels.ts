/** Both have the name of the Job. */
export const JOB_NAMES = ["batch.kubernetes.io/job-name", "job-name"] as const;

/**
 * Labels that the controllers of Kubernetes add to the pods of a kind, with values that its template does not have.
 * https://kubernetes.io/docs/reference/labels-annotations-taints/
 */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  DaemonSet: ["controller-revision-hash", "pod-template-generation"],
  Deployment: ["pod-template-hash"],
  Job: [
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-completion-index",
    "controller-uid",
    ...JOB_NAMES,
  ],
  Rollout: ["rollouts-pod-template-hash"],
  StatefulSet: [
    "apps.kubernetes.io/pod-index",
    "controller-revision-hash",
    "statefulset.kubernetes.io/pod-name",
  ],
};

/** Those of the pods of a kind; a CronJob makes Jobs. */
export function addedLabels(kind: string): readonly string[] {
  return ADDED[kind === "CronJob" ? "Job" : kind] ?? [];
}
