import { posix } from "node:path";
import * as z from "zod";
import { strictly } from "../io/errors";
import { holdsToken } from "./text";

/**
 * Where a root keeps its state. Written as data: cdktf's own backends know no `use_lockfile` and run Terraform
 * while synthesizing.
 */
export type Backend = LocalBackend | CloudBackend | S3Backend;

/** A file on this machine. */
export interface LocalBackend {
  readonly type: "local";
  /**
   * Relative to the stack's folder, and out of all folders of stacks. Default: `terraform.NAME.tfstate` in the
   * project's folder. The states of other workspaces lie beside it, in the folder `PATH.d`.
   */
  readonly path?: string | undefined;
}

/** Terraform Cloud or Enterprise: one workspace by its name, or those with the tags. */
export interface CloudBackend {
  readonly type: "cloud";
  readonly organization: string;
  readonly workspaces:
    | { readonly name: string; readonly project?: string | undefined }
    | { readonly tags: readonly string[]; readonly project?: string | undefined };
  /** Of Terraform Enterprise, such as `tfe.example.com`. Default: Terraform's, `app.terraform.io`. */
  readonly hostname?: string | undefined;
}

/** An object in S3. Credentials are the environment's. */
export interface S3Backend {
  readonly type: "s3";
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  /** Default: true. */
  readonly encrypt?: boolean | undefined;
  readonly kmsKeyId?: string | undefined;
  readonly roleArn?: string | undefined;
  /** Whether a file beside the state locks it. Default: true. */
  readonly useLockfile?: boolean | undefined;
}

/** A backend's settings stand in the configuration as they are: Terraform evaluates nothing there. */
const plain = z
  .string({ error: "must be a string" })
  .min(1, "must not be empty")
  .refine((value) => !holdsToken(value), "must be a plain value: Terraform evaluates nothing in a backend");

const flag = z.boolean({ error: "must be true or false" });

/** https://developer.hashicorp.com/terraform/language/backend/local */
const local = z.strictObject(
  {
    type: z.literal("local"),
    path: plain
      .refine((path) => !/^([/\\]|[A-Za-z]:)/.test(path), {
        error: "must be relative to the stack's folder: an absolute path works on one machine only",
        abort: true,
      })
      .transform(posix.normalize)
      .refine((path) => !/(^|\/)\.{0,2}$/.test(path), {
        error: "must be a file, not a folder",
        abort: true,
      })
      .refine(
        (path) => path.startsWith("../") && !isAmongTheStacks(path),
        "must be outside the folder of all stacks (start with ../../): the cdktf CLI deletes a stack's folder with the stack, including its state",
      )
      .optional(),
  },
  strictly("path"),
);

/** Every folder there is taken for a stack's, and a local state brings one, for its workspaces. */
function isAmongTheStacks(path: string): boolean {
  const stacks = "/project/cdktf.out/stacks";
  return !posix.relative(stacks, posix.resolve(stacks, "name", path)).startsWith("..");
}

const workspaceName = plain.regex(/^[A-Za-z0-9_-]{1,90}$/, 'must be at most 90 letters, digits, "-" or "_"');

const hostname = plain.regex(
  /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d+)?$/,
  'must be the name of a host, such as "tfe.example.com", without "https://"',
);

/** https://developer.hashicorp.com/terraform/cli/cloud/settings */
const cloud = z.strictObject(
  {
    type: z.literal("cloud"),
    organization: plain,
    hostname: hostname.optional(),
    workspaces: z.union(
      [
        z.strictObject({ name: workspaceName, project: plain.optional() }, strictly("name, project")),
        z.strictObject(
          {
            tags: z.array(plain).min(1, "must list at least one tag").readonly(),
            project: plain.optional(),
          },
          strictly("tags, project"),
        ),
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

/** A backend with its defaults, except for the local path, which has the stack's name in it. */
export type CheckedBackend =
  | LocalBackend
  | CloudBackend
  | (S3Backend & { readonly encrypt: boolean; readonly useLockfile: boolean });

/** @internal Of zod, which the users of the package do not have. */
export const backendSchema: z.ZodType<CheckedBackend, Backend> = z.discriminatedUnion(
  "type",
  [local, cloud, s3],
  {
    error: (issue) =>
      issue.code === "invalid_union"
        ? 'must be "local", "cloud" or "s3"'
        : 'must be an object with a type of "local", "cloud" or "s3"',
  },
);

/** Relative to the folder of any stack: they lie side by side. */
const localPath = (stackName: string, { path }: LocalBackend) =>
  path ?? `../../../terraform.${stackName}.tfstate`;

/** The `terraform` block's part for a backend, and the oldest Terraform that has it. */
export function backendBlock(
  stackName: string,
  backend: CheckedBackend,
): { block: Record<string, unknown>; minimumTerraform: string } {
  switch (backend.type) {
    case "local": {
      const path = localPath(stackName, backend);
      // By default the states of other workspaces would lie in the stack's folder.
      const settings = { path, workspace_dir: `${path}.d` };
      return { block: { backend: { local: settings } }, minimumTerraform: "1.1" };
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

/**
 * What the data source `terraform_remote_state` needs to read the state of a root. Undefined where Terraform Cloud
 * chooses workspaces by tags: which of them is meant is not known.
 */
export function remoteStateOf(
  stackName: string,
  backend: CheckedBackend,
): { backend: string; config: Record<string, unknown> } | undefined {
  switch (backend.type) {
    case "local": {
      const path = localPath(stackName, backend);
      return { backend: "local", config: { path, workspace_dir: `${path}.d` } };
    }
    case "cloud": {
      const { organization, hostname, workspaces } = backend;
      if (!("name" in workspaces)) return undefined;
      const config = { organization, ...(hostname && { hostname }), workspaces: { name: workspaces.name } };
      return { backend: "remote", config };
    }
    case "s3": {
      const { bucket, key, region, roleArn } = backend;
      return {
        backend: "s3",
        config: { bucket, key, region, ...(roleArn && { assume_role: { role_arn: roleArn } }) },
      };
    }
  }
}
