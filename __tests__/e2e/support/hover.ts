import { join } from "node:path";
import ts from "typescript";

/**
 * What editors show when the mouse is over properties of an object: their documentation, by the path to each, such as
 * `services.redis.module`.
 *
 * @param folder where the source is, with the packages that it imports
 * @param source the text of a TypeScript file
 * @param start where the outermost object starts
 */
export function documentationOf(folder: string, source: string, start: number): Record<string, string> {
  const path = join(folder, "hover.ts");
  const service = ts.createLanguageService({
    getCompilationSettings: () => ({
      strict: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Node16,
      moduleResolution: ts.ModuleResolutionKind.Node16,
      types: [],
    }),
    getScriptFileNames: () => [path],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => {
      const text = name === path ? source : ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => folder,
    getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
    fileExists: (name) => name === path || ts.sys.fileExists(name),
    readFile: (name) => (name === path ? source : ts.sys.readFile(name)),
    directoryExists: ts.sys.directoryExists,
  });
  const problems = service.getSemanticDiagnostics(path);
  if (problems.length > 0) {
    throw new Error(
      problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")).join("\n"),
    );
  }
  const found: Record<string, string> = {};
  const visit = (node: ts.Node, above: string) => {
    const isProperty = ts.isPropertyAssignment(node) && node.getStart() >= start;
    const place = isProperty ? [above, node.name.getText()].filter(Boolean).join(".") : above;
    if (isProperty) {
      const info = service.getQuickInfoAtPosition(path, node.name.getStart());
      found[place] = ts.displayPartsToString(info?.documentation);
    }
    ts.forEachChild(node, (child) => visit(child, place));
  };
  const file = service.getProgram()?.getSourceFile(path);
  if (file) visit(file, "");
  return found;
}
