/** The suites of Google's plugin samples, which are not part of this repository. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.js";

/** Their folder: that of `GOOGLE_SUITES`, or one beside the repository. */
export const googleSuites = process.env["GOOGLE_SUITES"] ?? join(root, "..", "shared", "suites", "google");

/** Why tests of them are skipped; false when they are here. */
export const skipGoogleSuites: string | false = existsSync(googleSuites)
  ? false
  : "the samples' suites are not here; set GOOGLE_SUITES to plugins/samples of GoogleCloudPlatform/service-extensions";
