/**
 * The providers that the stacks use, each with its full source and the range of versions that carry what
 * they use: of what is read of AWS, 5 and 6 only name the region differently, and `kubernetes_env` is the same in 2.38
 * and 3.
 * A range, because the exact version is the caller's to lock.
 */
export const PROVIDERS = {
  aws: { source: "hashicorp/aws", version: ">= 5.0, < 7.0" },
  kubernetes: { source: "hashicorp/kubernetes", version: ">= 2.38, < 4.0" },
} as const;

export type ProviderName = keyof typeof PROVIDERS;
