import type { Validation } from "../../synth/contract";
import { expression } from "../../synth/text";
import { areLabelKeys, areLabelValues, KEY_WORDS, SUBDOMAIN, VALUE_WORDS } from "./names";

/** What a check tries to reach, and as whom. */
export interface Check {
  host: string;
  port: number;
  image?: string;
  labels?: Readonly<Record<string, string>>;
  service_account_name?: string;
}

const IMAGE = "public.ecr.aws/docker/library/busybox:1.37";

export const CHECK_TYPE = `object({ host = string, port = number, image = optional(string, "${IMAGE}"), labels = optional(map(string), {}), service_account_name = optional(string) })`;

export const CHECK_EXAMPLE: Check = { host: "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com", port: 3306 };

/** A validation of a check that is there. */
const ofCheck = (
  condition: string,
  message: string,
  refused: Readonly<Record<string, Partial<Check>>>,
): Validation<Check | null> => ({
  condition: `alltrue([for one in var.check[*] : ${condition}])`,
  message,
  refused: Object.fromEntries(
    Object.entries(refused).map(([label, values]) => [label, { ...CHECK_EXAMPLE, ...values }]),
  ),
});

const HOST_LABEL = "[a-zA-Z0-9_]([-a-zA-Z0-9_]{0,61}[a-zA-Z0-9_])?";

export const CHECK_VALIDATIONS: Validation<Check | null>[] = [
  ofCheck(
    `can(regex("^${HOST_LABEL}(\\\\.${HOST_LABEL})*$", one.host)) && try(length(one.host) <= 253, true) && !can(regex("^[0-9.]*$", one.host))`,
    "The host of the check must be a DNS name, because that it resolves is part of the check: no address, no scheme and no port.",
    {
      an_empty_host: { host: "" },
      an_address_as_host: { host: "10.0.0.5" },
      a_url_as_host: { host: "https://orders.example.com" },
      a_host_with_its_port: { host: "orders.example.com:3306" },
      a_host_that_starts_with_a_hyphen: { host: "-orders" },
      a_null_host: { host: null as never },
      a_host_of_254_characters: { host: `${"a.".repeat(126)}ab` },
    },
  ),
  ofCheck(
    "try(one.port >= 1 && one.port <= 65535 && floor(one.port) == one.port, false)",
    "The port of the check must be a whole number from 1 to 65535.",
    {
      port_0: { port: 0 },
      port_65536: { port: 65536 },
      half_a_port: { port: 3306.5 },
      a_null_port: { port: null as never },
    },
  ),
  ofCheck(
    'can(regex("^[^ \\t\\n]+$", one.image))',
    "The image of the check must be the name of an image, without spaces.",
    { an_empty_image: { image: "" }, an_image_with_a_space: { image: "busy box" } },
  ),
  ofCheck(
    areLabelKeys("keys(one.labels)"),
    `The keys of the check's labels must be those of Kubernetes: ${KEY_WORDS}.`,
    { a_label_key_of_the_check_with_a_space: { labels: { "my app": "orders" } } },
  ),
  ofCheck(
    areLabelValues("values(one.labels)"),
    `The values of the check's labels must be those of Kubernetes: ${VALUE_WORDS}, or empty.`,
    { a_label_value_of_the_check_with_a_slash: { labels: { app: "shop/orders" } } },
  ),
  ofCheck(
    `one.service_account_name == null || can(regex(${SUBDOMAIN}, one.service_account_name)) && try(length(one.service_account_name) <= 253, true)`,
    "The service account of the check must be the name of one: lower-case letters, digits, - and ., at most 253.",
    {
      a_service_account_in_upper_case: { service_account_name: "Orders" },
      an_empty_service_account: { service_account_name: "" },
    },
  ),
];

export const ACCEPTED_CHECKS: Record<string, Check> = {
  the_lowest_port: { ...CHECK_EXAMPLE, port: 1 },
  the_highest_port: { ...CHECK_EXAMPLE, port: 65535 },
  the_longest_host: { host: `${"a.".repeat(126)}a`, port: 3306 },
  a_check_with_everything: {
    host: "redis",
    port: 6379,
    image: "registry.example.com:5000/tools/busybox@sha256:0a1b",
    labels: { "example.com/tier": "" },
    service_account_name: "orders.shop",
  },
};

/**
 * Resolves HOST, connects to PORT and compares with EXPECT, which is `reached` or `timed out`. Only silence shows
 * that groups filter: a refused connection has got through to the host. Written for BusyBox, whose nc runs a
 * program as soon as it is connected, so that it waits for no server's words.
 */
export const SCRIPT = `fail() {
  echo "FAILED: $1"
  exit 1
}

answer=$(nslookup "$HOST" 2>&1)
address=$(echo "$answer" | sed -n '/^Name:/,$s/^Address[^:]*: *//p' | head -n 1)
if [ -z "$address" ]; then
  echo "$answer"
  fail "$HOST does not resolve: DNS over UDP and TCP must get out of the pod and into CoreDNS"
fi
echo "$HOST is $address"

if said=$(nc -w 10 "$address" "$PORT" -e true 2>&1); then
  outcome="reached"
else
  case "$said" in
    *"timed out"*) outcome="timed out" ;;
    *refused*) outcome="refused" ;;
    *reset*) outcome="reset" ;;
    *) outcome="unclear" ;;
  esac
fi
[ -z "$said" ] || echo "$said"
[ "$outcome" = "$EXPECT" ] || fail "$HOST port $PORT: $outcome, expected: $EXPECT"
echo "PASSED: $HOST port $PORT: $outcome"
`;

/** Who a Job's pod is, and what it must see. */
interface Role {
  readonly suffix: string;
  /** A map, or a reference to one. */
  readonly labels: unknown;
  readonly serviceAccount: string;
  readonly expect: "reached" | "timed out";
}

const ofTheCheck = (attribute: string) => expression(`one(var.check[*].${attribute})`);

/** A Job that fits a namespace with the Pod Security Standard `restricted`. */
function job({ suffix, labels, serviceAccount, expect }: Role): object {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      // Cut, because the name is also the value of a label of the pod.
      name: `${expression('substr(replace(var.name, ".", "-"), 0, 40)')}-check-${suffix}`,
      namespace: expression("var.namespace"),
    },
    spec: {
      backoffLimit: 0,
      // Also the time for the image and for the pod's network interface.
      activeDeadlineSeconds: 300,
      ttlSecondsAfterFinished: 3600,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: "Never",
          // With zero, the CNI would not take the pod's network down on the node.
          terminationGracePeriodSeconds: 30,
          automountServiceAccountToken: false,
          serviceAccountName: serviceAccount,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65534,
            runAsGroup: 65534,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            {
              name: "check",
              image: ofTheCheck("image"),
              command: ["sh", "-c", SCRIPT],
              env: [
                { name: "HOST", value: ofTheCheck("host") },
                { name: "PORT", value: expression("tostring(one(var.check[*].port))") },
                { name: "EXPECT", value: expect },
              ],
              // Never ready: a Service that selects the workload's labels sends this pod nothing.
              readinessProbe: { exec: { command: ["false"] } },
              resources: {
                requests: { cpu: "10m", memory: "16Mi" },
                limits: { cpu: "100m", memory: "32Mi" },
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ["ALL"] },
                readOnlyRootFilesystem: true,
              },
            },
          ],
        },
      },
    },
  };
}

const SERVICE_ACCOUNT = 'coalesce(one(var.check[*].service_account_name), "default")';

/** By their locals: a pod that the policy matches, and one that it does not. */
export const CHECK_JOBS = {
  check_selected: job({
    suffix: "selected",
    labels: expression("local.check_labels"),
    serviceAccount: expression(SERVICE_ACCOUNT),
    expect: "reached",
  }),
  check_unselected: job({
    suffix: "unselected",
    labels: {},
    serviceAccount: expression(`var.service_account_selector == null ? ${SERVICE_ACCOUNT} : "default"`),
    expect: "timed out",
  }),
};
