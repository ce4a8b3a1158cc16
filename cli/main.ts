import { join } from "node:path";
import { main } from "./verify";

// A reader such as `head` may have enough before the end.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

main(process.argv.slice(2), join(__dirname, "../cdktf.out/stacks")).then((code) => {
  process.exitCode = code;
});
