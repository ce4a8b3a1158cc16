/** Words that YAML 1.1 takes for booleans besides `true` and `false`, as Terraform, Helm and kubectl do. */
const BOOLEAN_WORDS = {
  identify: (value: unknown) => typeof value === "boolean",
  default: true as const,
  tag: "tag:yaml.org,2002:bool",
  test: /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/,
  resolve: (word: string) => /^(?:y|on)/i.test(word),
};

/**
 * The documents of a YAML text, as JSON has them; undefined where it is none. One without content is null. Keys are text.
 *
 * What aliases repeat is bounded, so that a text of few lines does not fill the memory.
 */
export function yamlDocuments(text: string): unknown[] | undefined {
  // Loaded where it is needed: most runs read no YAML.
  const { parseAllDocuments } = require("yaml") as typeof import("yaml");
  const options = { customTags: ["merge" as const, BOOLEAN_WORDS], logLevel: "silent" as const };
  try {
    const documents = [...parseAllDocuments(text, options)];
    return documents.some(({ errors }) => errors.length > 0)
      ? undefined
      : documents.map((document): unknown => document.toJS());
  } catch {
    // An alias of nothing, or of too much.
    return undefined;
  }
}
