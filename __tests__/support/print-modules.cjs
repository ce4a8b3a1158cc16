// Preloaded by a test: the process prints each thread that it starts, and at its end the files of all modules that
// it has loaded.
process.on("worker", () => console.log("THREAD"));
process.on("exit", () => console.log(`MODULES:${JSON.stringify(Object.keys(require.cache))}`));
