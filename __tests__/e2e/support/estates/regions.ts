import type { Json } from "../../../../io/json";
import type { Block, Estate } from "./model";

/** A region besides that of the environment. */
export const OTHER_REGION = "eu-central-1";

/** The root's name of the configuration of the provider for it. */
const PROVIDER = "other";

/** The configurations of the provider for a root with estates in both regions. */
export function providersWith(common: Json): Json[] {
  return [common, { ...common, alias: PROVIDER, region: OTHER_REGION }];
}

/** An estate in the other region. It drifts not: nobody lists what is there. */
export function inOtherRegion({ drift: _, ...estate }: Estate): Estate {
  // Terraform's JSON has its name as text.
  const name = estate.syntax === "hcl" ? `\${aws.${PROVIDER}}` : `aws.${PROVIDER}`;
  const placed = (block: Block): Block => {
    const { kind, values } = block;
    if (kind === "resource" || kind === "data") return { ...block, values: { ...values, provider: name } };
    return kind === "module" ? { ...block, values: { ...values, providers: { aws: name } } } : block;
  };
  return { ...estate, root: estate.root.map(placed), first: estate.first.map(placed) };
}
