/** What the command takes from here; differences it takes from the report, which writes them. */
export { inputName, type Known, readKnown, writeKnown } from "./known-file";
export { type KnownOptions, ratchet } from "./known";
