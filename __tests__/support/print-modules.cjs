// Preloaded by a test: at its end the process prints the files of all modules that it has loaded.
process.on("exit", () => console.log(`MODULES:${JSON.stringify(Object.keys(require.cache))}`));
