/** `cut.test.ts` with 100,000 requests of each kind. */
process.env["CUT_REQUESTS"] = "100000";
await import("./cut.test.js");
