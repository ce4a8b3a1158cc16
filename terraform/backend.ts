import { z } from "zod";
import { holdsToken } from "./text";

/** A backend's settings stand in the configuration as they are: Terraform evaluates nothing there. */
const plain = z
  .string({ error: "must be a string" })
  .min(1, "must not be empty")
  .refine((value) => !holdsToken(value), "must be a plain value: Terraform evaluates nothing in a backend");

const flag = z.boolean({ error: "must be true or false" });

const strictly = (accepted: string) => ({
  error: (issue: { code?: string; keys?: string[] }) =>
    issue.code === "unrecognized_keys"
      ? `does not know ${issue.keys?.map((key) => `"${key}"`).join(", ")}; accepted: ${accepted}`
      : `must be an object with ${accepted}`,
});

/** https://developer.hashicorp.com/terraform/language/backend/local */
const local = z.strictObject(
  {
    type: z.literal("local"),
    path: plain
      .refine((path) => !/^([/\\]|[A-Za-z]:)/.test(path), {
        error: "must be relative to the stack's folder: an absolute path is of one machine alone",
        abort: true,
      })
      .refine(
        (path) => path.startsWith("../"),
        "must lead out of the stack's folder (start with ../): the cdktf CLI deletes the folder of a stack that is gone, with a state in it",
      )
      .optional(),
  },
  strictly("path"),
);

const workspaceName = plain.regex(/^[A-Za-z0-9_-]{1,90}$/, 'must be at most 90 letters, digits, "-" or "_"');

/** https://developer.hashicorp.com/terraform/cli/cloud/settings */
const cloud = z.strictObject(
  {
    type: z.literal("cloud"),
    organization: plain,
    hostname: plain.optional(),
    workspaces: z.union(
      [
        z.strictObject({ name: workspaceName, project: plain.optional() }),
        z.strictObject({
          tags: z.array(plain).min(1, "must list at least one tag"),
          project: plain.optional(),
        }),
      ],
      { error: "must be { name } or { tags } (a list of at least one), each with an optional project" },
    ),
  },
  strictly("organization, workspaces, hostname"),
);

/** https://developer.hashicorp.com/terraform/language/backend/s3 */
const s3 = z.strictObject(
  {
    type: z.literal("s3"),
    bucket: plain,
    key: plain.refine((key) => !key.startsWith("/"), 'must not start with "/"'),
    region: plain,
    encrypt: flag.default(true),
    kmsKeyId: plain.optional(),
    roleArn: plain.optional(),
    useLockfile: flag.default(true),
  },
  strictly("bucket, key, region, encrypt, kmsKeyId, roleArn, useLockfile"),
);

export const backendSchema = z.discriminatedUnion("type", [local, cloud, s3], {
  error: (issue) =>
    issue.code === "invalid_union"
      ? 'must be "local", "cloud" or "s3"'
      : 'must be an object with a type of "local", "cloud" or "s3"',
});

/**
 * Where a root keeps its state. Written as data: cdktf's own backends know no `use_lockfile` and run Terraform
 * while synthesizing.
 *
 * - `local`: `path` is relative to the stack's folder and leads out of it. Default: the project's folder.
 * - `cloud`: Terraform Cloud or Enterprise, one workspace by name, or those with the tags.
 * - `s3`: locked by a file beside the state unless `useLockfile` is false; encrypted unless `encrypt` is false.
 *   Credentials are the environment's.
 */
export type Backend = z.input<typeof backendSchema>;

/** The `terraform` block's part for a backend, and the oldest Terraform that has it. */
export function backendBlock(
  stackName: string,
  backend: z.output<typeof backendSchema>,
): { block: Record<string, unknown>; minimumTerraform: string } {
  switch (backend.type) {
    case "local": {
      const path = backend.path ?? `../../../terraform.${stackName}.tfstate`;
      return { block: { backend: { local: { path } } }, minimumTerraform: "1.1" };
    }
    case "cloud": {
      const { type, ...settings } = backend;
      return { block: { cloud: settings }, minimumTerraform: settings.workspaces.project ? "1.6" : "1.1" };
    }
    case "s3": {
      const settings = {
        bucket: backend.bucket,
        key: backend.key,
        region: backend.region,
        encrypt: backend.encrypt,
        // Left out rather than false: before 1.10, Terraform knows no such argument.
        ...(backend.useLockfile && { use_lockfile: true }),
        ...(backend.kmsKeyId && { kms_key_id: backend.kmsKeyId }),
        ...(backend.roleArn && { assume_role: { role_arn: backend.roleArn } }),
      };
      const minimumTerraform = backend.useLockfile ? "1.10" : backend.roleArn ? "1.6" : "1.1";
      return { block: { backend: { s3: settings } }, minimumTerraform };
    }
  }
}
