/** What the command takes from here; differences it takes from the report, which writes them. */
export { type KnownInput, type KnownOptions, type Ratcheted, ratchet } from "./known";
export { inputName, type Known, readKnown, writeKnown } from "./known-file";
