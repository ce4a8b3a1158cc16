import { createRequire, Module } from "node:module";

/*
 * Loaded before cdktf, which loads these libraries at once, although it needs them for its own `App.synth()`, for assets in an
 * archive and to ask Terraform for its version alone: half of what loading it takes. Here each is loaded when it is used.
 */
const LIBRARIES = ["archiver", "json-stable-stringify", "semver"];

const load = createRequire(createRequire(__filename).resolve("cdktf"));

for (const name of LIBRARIES) {
  const path = pathOf(name);
  if (path === undefined) continue;
  load.cache[path] ??= Object.assign(new Module(path), {
    exports: later(path),
    filename: path,
    loaded: true,
  });
}

/** Where a library is: cdktn, which goes on where cdktf ended, does without some. */
function pathOf(name: string): string | undefined {
  try {
    return load.resolve(name);
  } catch {
    return undefined;
  }
}

/** What stands for a library until it is called, or asked for one of its functions. */
function later(path: string): unknown {
  const library = () => {
    if (load.cache[path]?.exports === placeholder) delete load.cache[path];
    return load(path);
  };
  const placeholder: unknown = new Proxy(() => undefined, {
    apply: (_, self, given) => Reflect.apply(library(), self, given),
    get: (_, key) => library()[key],
  });
  return placeholder;
}
