import { isNull } from "../../expression/conditions";
import { expression } from "../../synth/text";
import { CHECKS } from "./check";
import { variable } from "./variables";

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

const ofTheCheck = (attribute: string) => expression(`one(${CHECKS}.${attribute})`);

/** A Job that fits a namespace with the Pod Security Standard `restricted`. */
function job({ suffix, labels, serviceAccount, expect }: Role): object {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      // Cut, because the name is also the value of a label of the pod.
      name: `${expression(`substr(replace(${variable("name")}, ".", "-"), 0, 40)`)}-check-${suffix}`,
      namespace: expression(variable("namespace")),
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
                { name: "PORT", value: expression(`tostring(one(${CHECKS}.port))`) },
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

const SERVICE_ACCOUNT = `coalesce(one(${CHECKS}.service_account_name), "default")`;

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
    serviceAccount: expression(
      `${isNull(variable("service_account_selector"))} ? ${SERVICE_ACCOUNT} : "default"`,
    ),
    expect: "timed out",
  }),
};
