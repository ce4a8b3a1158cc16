import {
  all,
  any,
  every,
  hasAtMost,
  isBetween,
  isNull,
  isWhole,
  matches,
  not,
  orFalse,
  orTrue,
} from "../../expression/conditions";
import { variableNamed } from "../../expression/variables";
import type { Validation } from "../../synth/contract";
import { areLabelKeys, areLabelValues, isSubdomain, KEY_WORDS, VALUE_WORDS } from "./names";

/** What a check tries to reach, and as whom. */
export interface Check {
  host: string;
  port: number;
  image?: string;
  labels?: Readonly<Record<string, string>>;
  service_account_name?: string;
}

const IMAGE = "public.ecr.aws/docker/library/busybox:1.37";

/** The check as a list: empty where there is none. */
export const CHECKS = `${variableNamed("check")}[*]`;

export const CHECK_TYPE = `object({ host = string, port = number, image = optional(string, "${IMAGE}"), labels = optional(map(string), {}), service_account_name = optional(string) })`;

export const CHECK_EXAMPLE: Check = { host: "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com", port: 3306 };

/** A validation of a check that is there. */
const ofCheck = (
  condition: string,
  message: string,
  refused: Readonly<Record<string, Partial<Check>>>,
): Validation<Check | null> => ({
  condition: every("one", CHECKS, () => condition),
  message,
  refused: Object.fromEntries(
    Object.entries(refused).map(([label, values]) => [label, { ...CHECK_EXAMPLE, ...values }]),
  ),
});

const HOST_LABEL = "[a-zA-Z0-9_]([-a-zA-Z0-9_]{0,61}[a-zA-Z0-9_])?";

export const CHECK_VALIDATIONS: Validation<Check | null>[] = [
  ofCheck(
    all(
      matches("one.host", `^${HOST_LABEL}(\\.${HOST_LABEL})*$`),
      orTrue(hasAtMost(253, "one.host")),
      not(matches("one.host", "^[0-9.]*$")),
    ),
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
    orFalse(all(isBetween(1, 65535, "one.port"), isWhole("one.port"))),
    "The port of the check must be a whole number from 1 to 65535.",
    {
      port_0: { port: 0 },
      port_65536: { port: 65536 },
      half_a_port: { port: 3306.5 },
      a_null_port: { port: null as never },
    },
  ),
  ofCheck(
    matches("one.image", "^[^ \t\n]+$"),
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
    any(
      isNull("one.service_account_name"),
      all(isSubdomain("one.service_account_name"), orTrue(hasAtMost(253, "one.service_account_name"))),
    ),
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
