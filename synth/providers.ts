/**
 * The providers that the stacks use, each with its full source and the range of versions that carry what
 * they use: the attributes of 5 and 6 that the stacks name are the same; `kubernetes_env` is the same in 2.38 and 3.
 * A range, because the exact version is the caller's to lock.
 */
export const PROVIDERS = {
  aws: { source: "hashicorp/aws", version: ">= 5.0, < 7.0" },
  kubernetes: { source: "hashicorp/kubernetes", version: ">= 2.38, < 4.0" },
} as const;

export type ProviderName = keyof typeof PROVIDERS;
