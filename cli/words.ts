import { bin, name, version } from "../package.json";

/** How the program is called. */
export const PROGRAM = name;
/** A shorter name of the same. */
export const ALIAS = Object.keys(bin).find((one) => one !== name) as string;
export const VERSION = version;
