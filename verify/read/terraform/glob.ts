/**
 * Whether a path matches a pattern of `fileset` (https://github.com/bmatcuk/doublestar): `*` and `?` within a name, `**`
 * for any folders, `[a-z]`, `{a,b}`. Undefined for a pattern that is not understood.
 */
export function matcherOf(pattern: string): ((path: string) => boolean) | undefined {
  const source = sourceOf(pattern.replace(/^(?:\.?\/)+/, ""));
  if (source === undefined) return undefined;
  try {
    const expression = new RegExp(`^${source}$`, "u");
    return (path) => expression.test(path);
  } catch {
    return undefined;
  }
}

const TOKEN = /\*\*\/|\*\*|\*|\?|\{[^{}[\]\\]*\}|\[[!^]?[^[\]\\]+\]|[^*?{}[\]\\]/gu;

function sourceOf(pattern: string): string | undefined {
  const tokens = pattern.match(TOKEN) ?? [];
  if (tokens.join("") !== pattern) return undefined;
  const parts = tokens.map((token, index) => {
    const startsName = index === 0 || (tokens[index - 1] as string).endsWith("/");
    if (token === "**/") return startsName ? "(?:[^/]+/)*" : "[^/]*/";
    if (token === "**") return startsName && index === tokens.length - 1 ? ".*" : "[^/]*";
    if (token === "*") return "[^/]*";
    if (token === "?") return "[^/]";
    if (token.startsWith("{")) {
      const choices = token.slice(1, -1).split(",").map(sourceOf);
      return choices.includes(undefined) ? undefined : `(?:${choices.join("|")})`;
    }
    if (token.startsWith("[")) return `(?!/)${token.replace(/^\[[!^]/, "[^")}`;
    return token.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
  });
  return parts.includes(undefined) ? undefined : parts.join("");
}
