import { createHash, randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { localCertificate } from "./certificate";
import { homeVariables } from "./stage";
import { workFolder } from "./terraform";

/** A state as Terraform stores it. */
interface State {
  readonly serial: number;
  readonly lineage: string;
  readonly outputs: Record<string, { value: unknown; type: unknown; sensitive?: boolean }>;
  readonly resources: readonly { mode: string; instances: readonly unknown[] }[];
}

interface StateVersion {
  readonly id: string;
  readonly serial: number;
  readonly md5: string;
  /** Undefined until it is uploaded. */
  text: string | undefined;
}

export interface Workspace {
  readonly id: string;
  readonly name: string;
  executionMode: "local" | "remote";
  workingDirectory: string;
  /** Whether it is connected to a repository of a version control system. */
  isConnected: boolean;
  isLocked: boolean;
  readonly versions: StateVersion[];
  /** The archives (.tar.gz) of configurations that were uploaded for runs. */
  readonly configurations: Buffer[];
  /** What runs were asked for, such as the values of variables. */
  readonly runs: Record<string, unknown>[];
}

export interface TerraformCloud {
  /** Such as `localhost:40123`: the `hostname` of a root's backend. */
  readonly hostname: string;
  readonly organization: string;
  /** What a command needs to be logged in there. */
  readonly env: Readonly<Record<string, string>>;
  /** What was asked for, such as `POST /api/v2/workspaces/ws-one/actions/lock`, and what was answered. */
  readonly requests: readonly {
    readonly call: string;
    readonly status: number;
    readonly hasLogin: boolean;
  }[];
  readonly workspaces: ReadonlyMap<string, Workspace>;
  /** Adds a workspace, as its owner does by hand. */
  readonly addWorkspace: (name: string, settings?: Partial<Pick<Workspace, Settings>>) => Workspace;
  /** The state that a workspace has. */
  readonly stateOf: (name: string) => State | undefined;
}

type Settings = "executionMode" | "isConnected" | "workingDirectory";

interface Answer {
  readonly status: number;
  readonly json?: unknown;
  readonly text?: string;
}

type Handler = (parts: readonly string[], body: Buffer) => Answer;

const ORGANIZATION = "shop";

/**
 * Starts a server that speaks as much of Terraform Cloud's API as `init`, and plans and applies with local execution,
 * ask for, over TLS on this machine; it takes the configurations of remote runs, too, and refuses to run them. It is
 * as strict as the real one with what keeps states whole: logins, locks, serials, checksums.
 *
 * https://developer.hashicorp.com/terraform/cloud-docs/api-docs
 */
export async function terraformCloud(): Promise<TerraformCloud> {
  const token = randomUUID();
  const workspaces = new Map<string, Workspace>();
  const requests: { call: string; status: number; hasLogin: boolean }[] = [];
  const { certificate, key } = localCertificate();

  const addWorkspace = (name: string, settings: Partial<Pick<Workspace, Settings>> = {}) => {
    const workspace: Workspace = {
      id: `ws-${name}`,
      name,
      executionMode: "remote",
      workingDirectory: "",
      isConnected: false,
      isLocked: false,
      versions: [],
      configurations: [],
      runs: [],
      ...settings,
    };
    workspaces.set(name, workspace);
    return workspace;
  };

  const server = createServer({ cert: certificate, key }, async (request, response) => {
    const body = await bodyOf(request);
    const path = decodeURIComponent((request.url ?? "").replace(/\?.*/, ""));
    const hasLogin = request.headers.authorization === `Bearer ${token}`;
    const {
      status,
      json,
      text = JSON.stringify(json),
    } = path.startsWith("/api/v2/") && !hasLogin
      ? problem(401, "unauthorized")
      : answer(request.method, path, body);
    requests.push({ call: `${request.method} ${path}`, status, hasLogin });
    // Terraform takes the server for Terraform Cloud by the name in the header, and asks as its version allows.
    const type = path.startsWith("/api/") ? "application/vnd.api+json" : "application/json";
    const headers = { "TFP-API-Version": "2.6", "TFP-AppName": "HCP Terraform" };
    response.writeHead(status, { ...headers, "Content-Type": type }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const hostname = `localhost:${(server.address() as AddressInfo).port}`;

  const found = (id: string | undefined) => [...workspaces.values()].find((workspace) => workspace.id === id);
  const of =
    (then: (workspace: Workspace, parts: readonly string[], body: Buffer) => Answer): Handler =>
    ([id, ...parts], body) => {
      const workspace = found(id) ?? workspaces.get(id ?? "");
      return workspace ? then(workspace, parts, body) : problem(404, "not found");
    };
  const versionOf = (id: string | undefined) =>
    [...workspaces.values()].flatMap(({ versions }) => versions).find((version) => version.id === id);

  const shown = ({ id, name, executionMode, isConnected, workingDirectory, isLocked }: Workspace) => ({
    id,
    type: "workspaces",
    attributes: {
      name,
      locked: isLocked,
      "execution-mode": executionMode,
      operations: executionMode === "remote",
      "terraform-version": "~> 1.1",
      "working-directory": workingDirectory,
      "vcs-repo": isConnected ? { identifier: "shop/infrastructure", branch: "main" } : null,
      permissions: Object.fromEntries(
        ["update", "lock", "unlock", "force-unlock", "queue-run", "queue-apply", "read-settings"].map(
          (name) => [`can-${name}`, true],
        ),
      ),
    },
    relationships: { organization: { data: { id: ORGANIZATION, type: "organizations" } } },
  });
  const shownVersion = ({ id, serial, text }: StateVersion) => ({
    id,
    type: "state-versions",
    attributes: {
      serial,
      status: text === undefined ? "pending" : "finalized",
      "resources-processed": true,
      "hosted-state-download-url": `https://${hostname}/storage/states/${id}`,
      "hosted-state-upload-url": `https://${hostname}/storage/states/${id}`,
      "hosted-json-state-upload-url": `https://${hostname}/storage/json-states/${id}`,
    },
  });

  const locking = (isLocked: boolean) =>
    of((workspace) => {
      if (workspace.isLocked === isLocked)
        return problem(409, `workspace is ${isLocked ? "already" : "not"} locked`);
      workspace.isLocked = isLocked;
      return ok(shown(workspace));
    });

  const addVersion = of((workspace, _, body) => {
    const { serial, md5, lineage, state } = attributesOf(body);
    const last = latest(workspace);
    if (!workspace.isLocked) return problem(409, "the workspace must be locked to take a state");
    if (last && (serial as number) <= last.serial)
      return problem(409, "the serial must be higher than the last");
    if (last && lineage !== stateIn(last).lineage) return problem(409, "the lineage is another one");
    const version: StateVersion = {
      id: `sv-${randomUUID()}`,
      serial: serial as number,
      md5: md5 as string,
      text: undefined,
    };
    if (typeof state === "string") version.text = Buffer.from(state, "base64").toString("utf8");
    workspace.versions.push(version);
    return { ...ok(shownVersion(version)), status: 201 };
  });

  const routes: readonly (readonly [string, RegExp, Handler])[] = [
    [
      "GET",
      /^\/\.well-known\/terraform\.json$/,
      () => ({
        status: 200,
        json: {
          "tfe.v2": "/api/v2/",
          "tfe.v2.1": "/api/v2/",
          "tfe.v2.2": "/api/v2/",
          "state.v2": "/api/v2/",
        },
      }),
    ],
    ["GET", /^\/api\/v2\/ping$/, () => ({ status: 204, text: "" })],
    [
      "GET",
      /^\/api\/v2\/organizations\/shop\/entitlement-set$/,
      () =>
        ok({
          id: "org-shop",
          type: "entitlement-sets",
          attributes: { operations: true, "state-storage": true, "vcs-integrations": true },
        }),
    ],
    ["GET", /^\/api\/v2\/organizations\/shop\/workspaces\/([^/]+)$/, of((workspace) => ok(shown(workspace)))],
    [
      "GET",
      /^\/api\/v2\/organizations\/shop\/workspaces$/,
      () => ({
        status: 200,
        json: {
          data: [...workspaces.values()].map(shown),
          meta: { pagination: { "current-page": 1, "total-pages": 1, "total-count": workspaces.size } },
        },
      }),
    ],
    [
      "POST",
      /^\/api\/v2\/organizations\/shop\/workspaces$/,
      (_, body) => ({ ...ok(shown(addWorkspace(attributesOf(body)["name"] as string))), status: 201 }),
    ],
    ["GET", /^\/api\/v2\/workspaces\/([^/]+)$/, of((workspace) => ok(shown(workspace)))],
    ["POST", /^\/api\/v2\/workspaces\/([^/]+)\/actions\/lock$/, locking(true)],
    ["POST", /^\/api\/v2\/workspaces\/([^/]+)\/actions\/unlock$/, locking(false)],
    ["POST", /^\/api\/v2\/workspaces\/([^/]+)\/state-versions$/, addVersion],
    [
      "GET",
      /^\/api\/v2\/state-versions\/([^/]+)$/,
      ([id]) => {
        const version = versionOf(id);
        return version ? ok(shownVersion(version)) : problem(404, "not found");
      },
    ],
    [
      "GET",
      /^\/api\/v2\/workspaces\/([^/]+)\/current-state-version$/,
      of((workspace) => {
        const last = latest(workspace);
        return last ? ok(shownVersion(last)) : problem(404, "no state yet");
      }),
    ],
    [
      "GET",
      /^\/api\/v2\/workspaces\/([^/]+)\/current-state-version-outputs$/,
      of((workspace) => {
        const last = latest(workspace);
        if (!last) return problem(404, "no state yet");
        return ok(
          Object.entries(stateIn(last).outputs).map(([name, { value, type, sensitive = false }]) => ({
            id: `wsout-${name}`,
            type: "state-version-outputs",
            attributes: {
              name,
              value,
              sensitive,
              type: typeof type === "string" ? type : "array",
              "detailed-type": type,
            },
          })),
        );
      }),
    ],
    [
      "PUT",
      /^\/storage\/states\/([^/]+)$/,
      ([id], body) => {
        const version = versionOf(id);
        if (!version) return problem(404, "not found");
        if (createHash("md5").update(body).digest("hex") !== version.md5)
          return problem(400, "another checksum");
        version.text = body.toString("utf8");
        return { status: 200, text: "" };
      },
    ],
    ["PUT", /^\/storage\/json-states\/([^/]+)$/, () => ({ status: 200, text: "" })],
    [
      "GET",
      /^\/storage\/states\/([^/]+)$/,
      ([id]) => {
        const text = versionOf(id)?.text;
        return text === undefined ? problem(404, "not found") : { status: 200, text };
      },
    ],
    [
      "POST",
      /^\/api\/v2\/workspaces\/([^/]+)\/configuration-versions$/,
      of(({ id }) => {
        const attributes = {
          status: "pending",
          "upload-url": `https://${hostname}/storage/configurations/${id}`,
        };
        return { ...ok({ id: `cv-${id}`, type: "configuration-versions", attributes }), status: 201 };
      }),
    ],
    [
      "PUT",
      /^\/storage\/configurations\/([^/]+)$/,
      of((workspace, _, body) => {
        workspace.configurations.push(body);
        return { status: 200, text: "" };
      }),
    ],
    [
      "GET",
      /^\/api\/v2\/configuration-versions\/cv-([^/]+)$/,
      of(({ id }) =>
        ok({ id: `cv-${id}`, type: "configuration-versions", attributes: { status: "uploaded" } }),
      ),
    ],
    [
      "POST",
      /^\/api\/v2\/runs$/,
      (_, body) => {
        const { attributes, relationships } = JSON.parse(body.toString("utf8")).data;
        found(relationships.workspace.data.id)?.runs.push(attributes);
        return problem(422, "this server runs nothing");
      },
    ],
  ];

  function answer(method: string | undefined, path: string, body: Buffer): Answer {
    for (const [verb, pattern, handler] of routes) {
      const match = method === verb && pattern.exec(path);
      if (match) return handler(match.slice(1), body);
    }
    return problem(404, "not found");
  }

  return {
    hostname,
    organization: ORGANIZATION,
    env: login(hostname, token, certificate),
    requests,
    workspaces,
    addWorkspace,
    stateOf: (name) => {
      const workspace = workspaces.get(name);
      const last = workspace && latest(workspace);
      return last && stateIn(last);
    },
  };
}

/** A login of its own, beside the mirror of providers that the tests use. */
function login(hostname: string, token: string, certificate: string): Record<string, string> {
  const folder = workFolder();
  const known = homeVariables()["TF_CLI_CONFIG_FILE"];
  const installation = known ? readFileSync(known, "utf8") : "";
  writeFileSync(
    join(folder, "terraform.tfrc"),
    `${installation}\ncredentials "${hostname}" {\n  token = "${token}"\n}\n`,
  );
  writeFileSync(join(folder, "certificate.pem"), certificate);
  return {
    TF_CLI_CONFIG_FILE: join(folder, "terraform.tfrc"),
    SSL_CERT_FILE: join(folder, "certificate.pem"),
  };
}

const latest = ({ versions }: Workspace) => versions.filter(({ text }) => text !== undefined).at(-1);

const stateIn = ({ text }: StateVersion): State => JSON.parse(text ?? "");

const ok = (data: unknown): Answer => ({ status: 200, json: { data } });

const problem = (status: number, title: string): Answer => ({
  status,
  json: { errors: [{ status: String(status), title }] },
});

const attributesOf = (body: Buffer): Record<string, unknown> =>
  JSON.parse(body.toString("utf8")).data.attributes;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
