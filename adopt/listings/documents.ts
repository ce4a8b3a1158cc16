import { InputError } from "../../io/errors";
import { isJson, type Json } from "../../io/json";
import { parseJson } from "../../verify/read/terraform/files";

/** The lists that are read, by the names that the API gives them, and how an item of each is recognized. */
export const LISTS = {
  SecurityGroups: { command: "describe-security-groups", key: "GroupName" },
  SecurityGroupRules: { command: "describe-security-group-rules", key: "SecurityGroupRuleId" },
  NetworkInterfaces: { command: "describe-network-interfaces", key: "NetworkInterfaceId" },
} as const;
export type ListName = keyof typeof LISTS;
const NAMES = Object.keys(LISTS) as ListName[];

/** A page of a list. */
export interface Page {
  readonly file: string;
  readonly list: ListName;
  readonly items: readonly Json[];
  /** Whether AWS has more items than these. */
  readonly isContinued: boolean;
}

const FIRST_KEY = new RegExp(
  `^\\s*\\{\\s*"(?:${[...NAMES, "NextToken", "ResponseMetadata"].join("|")})"\\s*:`,
);

/**
 * The page that a text is; undefined for one that is something else.
 *
 * @throws InputError for what the AWS CLI prints in another format than JSON, and for a list that is not known
 */
export function pageOf(file: string, text: string): Page | undefined {
  const format = otherFormat(text);
  if (format !== undefined) {
    throw new InputError([`${file}: it is ${format} of the AWS CLI. Print it again with \`--output json\`.`]);
  }
  const isBare = /^\s*\[/.test(text);
  if (!isBare && !FIRST_KEY.test(text)) return undefined;
  const content = parseJson(file, text);
  const list = NAMES.find((name) =>
    isJson(content)
      ? name in content
      : Array.isArray(content) && content.some((item) => isJson(item) && LISTS[name].key in item),
  );
  const items = isJson(content) ? (list === undefined ? undefined : content[list]) : content;
  if (list === undefined || !Array.isArray(items) || !items.every(isJson)) {
    throw new InputError([
      `${file}: it is no list of ${NAMES.join(", ")}. Print it again without --query: \`aws ec2 ${LISTS.SecurityGroups.command} --output json\`.`,
    ]);
  }
  const token = isJson(content) ? content["NextToken"] : undefined;
  return { file, list, items, isContinued: typeof token === "string" && token !== "" };
}

/** The format in which the AWS CLI printed one of the lists, where that is not JSON. */
function otherFormat(text: string): string | undefined {
  const start = text.slice(0, 2000);
  if (new RegExp(`^(?:${NAMES.join("|")}|NextToken):`).test(start)) return "YAML";
  if (new RegExp(`^(?:${NAMES.join("|").toUpperCase()})\\t`).test(start)) return "text";
  if (/^-+\r?\n\|\s*Describe(?:SecurityGroup|NetworkInterface)/.test(start)) return "a table";
  return undefined;
}

/** What is wrong with pages: of each list the last one ends it. In sentences. */
export function missingPages(pages: readonly Page[]): string[] {
  return NAMES.flatMap((list) => {
    const own = pages.filter((page) => page.list === list);
    if (own.length === 0 || own.some(({ isContinued }) => !isContinued)) return [];
    const files = own.map(({ file }) => file).join(", ");
    return [
      `${files}: ${list} go on (NextToken). Give the pages that follow as well, or print all at once: without --max-items and --no-paginate.`,
    ];
  });
}
