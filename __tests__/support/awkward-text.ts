import fc from "fast-check";

/** Pieces of text that mean something to Terraform, to cdktf or to JSON. */
export const awkwardPiece: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "$",
    "%",
    "{",
    "}",
    "${",
    "%{",
    "$${",
    "%%{",
    "~}",
    '"',
    "\\",
    "\n",
    "é",
    " ",
    "1e5",
    "#{",
    "&{",
  ),
  fc.string(),
);
