import type { Arguments } from "../../support/input";

const object = (apiVersion: string, kind: string, name: string, annotations: Arguments, spec: Arguments) => ({
  manifest: { apiVersion, kind, metadata: { name, namespace: "shop", annotations }, spec },
});

/** Pods of an app behind a Service, in the namespace `shop`. */
export function served(app: string, spec: Arguments = {}, annotations: Arguments = {}) {
  const labels = { app };
  return {
    "kubernetes_manifest.pods": object(
      "apps/v1",
      "Deployment",
      app,
      {},
      {
        template: { metadata: { labels }, spec: { containers: [{ name: "app" }] } },
      },
    ),
    "kubernetes_manifest.service": object("v1", "Service", app, annotations, {
      selector: labels,
      ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }],
      ...spec,
    }),
  };
}

/** An ALB for a Service. */
export function ingressTo(app: string, annotations: Arguments = {}) {
  const backend = { service: { name: app, port: { number: 80 } } };
  return {
    "kubernetes_manifest.ingress": object(
      "networking.k8s.io/v1",
      "Ingress",
      "front",
      { "alb.ingress.kubernetes.io/target-type": "ip", ...annotations },
      { ingressClassName: "alb", defaultBackend: backend },
    ),
  };
}
