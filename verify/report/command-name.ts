import { name } from "../../package.json";

/** How the command is called that reports tell people to run. */
export const COMMAND = name;
