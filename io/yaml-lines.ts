import type { Node, Pair } from "yaml";

/** Steps from a document's root: keys of maps and numbers of items. */
export type YamlPath = readonly (string | number)[];

/**
 * Where parts of one document of YAML stand: by the line of their key, or on which they begin as an item of a list. The text is
 * parsed when the first of them is asked for, which takes longer than reading it did.
 *
 * @returns for a path its line, 1 for the first; undefined where there is no such part in so many words, as where it is merged in
 */
export function yamlLines(text: string): (path: YamlPath) => number | undefined {
  let locate: ((path: YamlPath) => number | undefined) | undefined;
  return (path) => {
    locate ??= locator(text);
    return locate(path);
  };
}

function locator(text: string): (path: YamlPath) => number | undefined {
  const { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } =
    require("yaml") as typeof import("yaml");
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, logLevel: "silent", uniqueKeys: false });
  const startOf = (node: unknown) => (node as Partial<Node> | null)?.range?.[0];
  return (path) => {
    let node: unknown = document.contents;
    let start = startOf(node);
    for (const step of path) {
      if (isAlias(node)) node = node.resolve(document);
      if (isMap(node)) {
        const pair: Pair | undefined = node.items.find(
          ({ key }) => isScalar(key) && String(key.value) === String(step),
        );
        if (pair === undefined) return undefined;
        start = startOf(pair.key);
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(step)];
        start = startOf(node);
      } else return undefined;
    }
    return start === undefined ? undefined : lineCounter.linePos(start).line;
  };
}
