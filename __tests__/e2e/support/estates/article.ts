import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@cdktf/hcl2json";
import type { Json } from "../../../../io/json";
import { PROJECT } from "../../../support/project";
import type { Part } from "./groups";
import { type Block, mapTexts, type Role, resource } from "./model";

/** Where the article's HCL stands. */
export const ARTICLE_PLACES = ["root", "module", "module for_each"] as const;
export type ArticlePlace = (typeof ARTICLE_PLACES)[number];

const MODULE = join(PROJECT, "__tests__/e2e/fixtures/article/modules/rds-mysql");

/** The article's resources, as a team wrote them by hand, and the variables and the data of their module. */
export async function articleBlocks(): Promise<{ readonly resources: Block[]; readonly variables: Block[] }> {
  const main = await parsed("main.tf");
  const variables = await parsed("variables.tf");
  return {
    resources: typed("resource", main),
    variables: [
      ...typed("data", variables),
      ...Object.entries(variables.variable ?? {}).map(([name, [values = {}]]): Block => {
        // HCL's JSON has a type as a reference.
        const type = String(values["type"] ?? "any").replace(/^\$\{(.*)\}$/, "$1");
        return { kind: "variable", name, values: { type } };
      }),
    ],
  };
}

interface Parsed {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, readonly Json[]>>>>;
  readonly data?: Parsed["resource"];
  readonly variable?: Readonly<Record<string, readonly Json[]>>;
}

const parsed = async (file: string): Promise<Parsed> => parse(file, readFileSync(join(MODULE, file), "utf8"));

const typed = (kind: "resource" | "data", { [kind]: types = {} }: Parsed): Block[] =>
  Object.entries(types).flatMap(([type, named]) =>
    Object.entries(named).map(([name, [values = {}]]) => ({ kind, type, name, values })),
  );

/** The groups of the article's nodes and ingress, with classic rules beside those of the article. */
export function articleCluster(name: string, vpc: string): Block[] {
  return ["worker", "ingress"].flatMap((one) => [
    resource("aws_security_group", `${name}_${one}`, {
      name: `${one} of ${name}`,
      description: `The ${one} nodes`,
      vpc_id: `\${${vpc}}`,
    }),
    resource("aws_security_group_rule", `${name}_${one}`, {
      security_group_id: `\${aws_security_group.${name}_${one}.id}`,
      type: "egress",
      protocol: "-1",
      from_port: 0,
      to_port: 0,
      cidr_blocks: ["0.0.0.0/0"],
    }),
  ]);
}

/** The article's HCL at a place, with its own groups of nodes and ingress. */
export function articlePart(
  place: ArticlePlace,
  name: string,
  vpc: string,
  { resources, variables }: Awaited<ReturnType<typeof articleBlocks>>,
): Part & { readonly roles: Readonly<Record<string, Role>> } {
  const cluster = articleCluster(name, vpc);
  const groups = (prefix: string): Record<string, Role> => ({
    [`${prefix}rds`]: "article",
    [`${prefix}pods`]: "article",
  });
  if (place === "root") {
    const values: Readonly<Record<string, string>> = {
      "var.name": "shop",
      "var.platform": "platform",
      "var.vpc_id": `\${${vpc}}`,
      'var.security_groups["k8s_worker"]': `\${aws_security_group.${name}_worker.id}`,
      'var.security_groups["k8s_ingress"]': `\${aws_security_group.${name}_ingress.id}`,
    };
    const inRoot = (text: string) =>
      text
        .replace(/\$\{(var\.[^}]*)\}/g, (whole, variable: string) => values[variable] ?? whole)
        .replace(/\baws_security_group\.(rds|pods)\b/g, `aws_security_group.${name}_$1`);
    return {
      root: [
        ...cluster,
        ...resources.map((block) => ({
          ...block,
          name: `${name}_${block.name}`,
          values: mapTexts(block.values, inRoot) as Json,
        })),
      ],
      roles: groups(`aws_security_group.${name}_`),
    };
  }
  const isRepeated = place === "module for_each";
  return {
    root: [
      ...cluster,
      {
        kind: "module",
        name,
        values: {
          source: `./estates/${name}`,
          ...(isRepeated && { for_each: '${toset(["shop", "pay"])}' }),
          name: isRepeated ? "${each.key}" : "shop",
          platform: "platform",
          vpc_id: `\${${vpc}}`,
          security_groups: {
            k8s_worker: `\${aws_security_group.${name}_worker.id}`,
            k8s_ingress: `\${aws_security_group.${name}_ingress.id}`,
          },
        },
      },
    ],
    modules: { [name]: [...variables, ...resources] },
    roles: groups(`module.${name}.aws_security_group.`),
  };
}
