import {
  AWS_NODE,
  CNI_INIT,
  type CniSource,
  cniSources,
  enforcingModeOf,
  isSwitchedOn,
} from "../inventory/cluster/cni";
import type { Check, Observation } from "./check";

const NAME = "DISABLE_TCP_EARLY_DEMUX";

export const check: Check = {
  id: "tcp-early-demux",
  severity: "error",
  title: `${NAME} is missing or on the wrong container`,
  why: `In strict mode the kubelet reaches pods with their own security groups over TCP only if ${NAME} is "true" on the init container aws-vpc-cni-init. If it is missing, a warning: without TCP probes it is not needed. On the container aws-node it has no effect, and the managed add-on rejects it there. The mode is that of the CNI if the input shows it.`,
  reference: "https://github.com/aws/amazon-vpc-cni-k8s/blob/master/README.md#disable_tcp_early_demux-v173",
  run: (context) => {
    const sources = cniSources(context.inventory);
    const misplaced = sources.flatMap(misplacedIn);
    if (misplaced.length > 0) return misplaced;
    const [first] = sources;
    // Somebody else's settings are not in the input.
    const isNeeded =
      context.cni?.management !== "external" &&
      (enforcingModeOf(sources)?.mode ?? context.mode) === "strict" &&
      isSwitchedOn(sources, AWS_NODE, "ENABLE_POD_ENI") === true;
    if (first === undefined || !isNeeded || isSwitchedOn(sources, CNI_INIT, NAME) !== false) return [];
    return [
      {
        address: first.address,
        source: first.source,
        severity: "warning",
        about: [`no ${NAME}`],
        message: `${first.address} turns on security groups for pods in strict mode without ${NAME} = "true" on the init container ${CNI_INIT}: TCP, HTTP and gRPC probes of such pods fail. ${FIXES[first.kind]}`,
      },
    ];
  },
};

function misplacedIn(one: CniSource): Observation[] {
  const wrong = one.settings.find(({ name, container }) => name === NAME && container !== CNI_INIT);
  if (wrong === undefined) return [];
  const { address, source } = one;
  const message = `${address} sets ${NAME} on the container ${wrong.container}, where it has no effect. ${FIXES[one.kind]}`;
  return [{ address, source, about: [`${NAME} on ${wrong.container}`], message }];
}

const FIXES: Readonly<Record<CniSource["kind"], string>> = {
  "add-on": `Set it in configuration_values as init = { env = { ${NAME} = "true" } }.`,
  "daemon-set": `Set it in the env of that init container, where the DaemonSet comes from.`,
  chart: `Set it in the values of the chart as init = { env = { ${NAME} = "true" } }.`,
  env: `Set it in a kubernetes_env with init_container = "${CNI_INIT}".`,
};
