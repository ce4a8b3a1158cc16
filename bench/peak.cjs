// Preloaded into every node process of a measured command: notes its processor time (ms) and its peak memory (kB) at its end.
const { appendFileSync } = require("node:fs");

process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  appendFileSync(process.env.BENCH_PEAKS, `${(userCPUTime + systemCPUTime) / 1000} ${maxRSS}\n`);
});
