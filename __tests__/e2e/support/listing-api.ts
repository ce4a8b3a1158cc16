import { once } from "node:events";
import { createServer } from "node:http";

/** A kind of object that the API lists. */
interface Kind {
  /** As in `apiVersion`. */
  readonly version: string;
  readonly kind: string;
  /** As in addresses, such as `nodes`. */
  readonly plural: string;
  readonly namespaced: boolean;
  readonly items: readonly object[];
}

/**
 * As much of a cluster's API as `kubectl get` asks for: what kinds there are, and their objects. It stores nothing and runs
 * nothing: a cluster with nodes is more than a test can start.
 */
export async function listingApi(
  kinds: readonly Kind[],
): Promise<{ url: string; stop: () => Promise<void> }> {
  const groupOf = ({ version }: Kind) => (version.includes("/") ? `/apis/${version}` : `/api/${version}`);
  const groups = [...new Set(kinds.map(({ version }) => version))].filter((version) => version.includes("/"));
  const answers = new Map<string, object>([
    ["/api", { kind: "APIVersions", versions: ["v1"] }],
    [
      "/apis",
      {
        kind: "APIGroupList",
        apiVersion: "v1",
        groups: groups.map((groupVersion) => {
          const [name, version] = groupVersion.split("/");
          return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
        }),
      },
    ],
  ]);
  for (const one of kinds) {
    const { version, kind, plural, namespaced, items } = one;
    const same = kinds.filter((other) => other.version === version);
    answers.set(groupOf(one), {
      kind: "APIResourceList",
      apiVersion: "v1",
      groupVersion: version,
      resources: same.map((other) => ({
        name: other.plural,
        singularName: other.kind.toLowerCase(),
        namespaced: other.namespaced,
        kind: other.kind,
        verbs: ["get", "list"],
      })),
    });
    const list = { kind: `${kind}List`, apiVersion: version, metadata: {}, items };
    answers.set(`${groupOf(one)}${namespaced ? "/namespaces/shop" : ""}/${plural}`, list);
  }
  const server = createServer(({ url = "" }, response) => {
    const answer = answers.get(new URL(url, "http://localhost").pathname);
    response.writeHead(answer ? 200 : 404, { "Content-Type": "application/json" });
    response.end(
      JSON.stringify(answer ?? { kind: "Status", apiVersion: "v1", status: "Failure", code: 404 }),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
