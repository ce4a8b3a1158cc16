import fc from "fast-check";

// Whoever looks for a failure needs no small one.
fc.configureGlobal({ endOnFailure: true });
