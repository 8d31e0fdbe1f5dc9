/**
 * `test --coverage`: what the processes of a run have counted, together.
 *
 * @module
 */
import { existsSync, mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type * as Coverage from "istanbul-lib-coverage";
import type * as Report from "istanbul-lib-report";
import type * as Reports from "istanbul-reports";
import { discard } from "./files.js";
import { whenLeaving } from "./leave.js";
import { shown } from "./output.js";

/** The folder for reports, seen from the project. */
const REPORTS = "coverage";

/** The folder for the counts of one run. */
export class CoverageRun {
  readonly folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-coverage-"));
  private readonly forget = whenLeaving(() => discard(this.folder));

  /** Prints a table of what the run has counted, and leaves it for tools: lcov and JSON. Not where no module was run. */
  report(project: string): void {
    const require = createRequire(import.meta.url);
    const { createCoverageMap } = require("istanbul-lib-coverage") as typeof Coverage;
    const { createContext } = require("istanbul-lib-report") as typeof Report;
    const { create } = require("istanbul-reports") as typeof Reports;
    const coverageMap = createCoverageMap({});
    for (const name of readdirSync(this.folder))
      coverageMap.merge(
        JSON.parse(readFileSync(join(this.folder, name), "utf8")) as Coverage.CoverageMapData,
      );
    if (coverageMap.files().length === 0) {
      console.error(
        "Nothing was covered: no test has made a host of build/plugin.wasm (createHost of proxy-wasm-as/testing).",
      );
      return;
    }
    const context = createContext({
      dir: join(project, REPORTS),
      defaultSummarizer: "nested",
      coverageMap,
    });
    create("text", { maxCols: process.stdout.columns ?? 100 }).execute(context);
    for (const kind of ["json", "lcovonly"] as const) create(kind, { projectRoot: project }).execute(context);
    const files = ["lcov.info", "coverage-final.json"].map((name) => join(project, REPORTS, name));
    console.log(
      `For tools: ${files
        .filter((file) => existsSync(file))
        .map((file) => shown(relative("", file)))
        .join(", ")}`,
    );
  }

  close(): void {
    discard(this.folder);
    this.forget();
  }
}
