/** Ends with the exit code of `verify`, after all that it found was sent. */
import { annotate } from "./github.mjs";

const { EXIT_CODE, UPLOAD } = process.env;
// Without one, nothing was verified.
const code = /^[0-9]+$/.test(EXIT_CODE) ? Number(EXIT_CODE) : 2;
if (UPLOAD === "failure")
  annotate(
    "warning",
    "The findings were not uploaded: code scanning must be on, and the job needs `permissions: security-events: write`. " +
      "`upload-sarif: false` leaves it out.",
  );
if (code === 1) annotate("error", "A flow is broken, or a finding counts: see the report.");
if (code > 1) annotate("error", "The security groups could not be verified: see the log.");
process.exitCode = code;
