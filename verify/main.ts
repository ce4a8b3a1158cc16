import { join } from "node:path";
import { main } from "./cli";

main(process.argv.slice(2), join(__dirname, "../cdktf.out/stacks")).then((code) => {
  process.exitCode = code;
});
