import { readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { withOwner, diagnosticFile } from "../diagnostic-module.js";
import { DEFAULT_MODULE, compile } from "./compile.js";
import type { Built, Project } from "./compile.js";
import { DEBUG_MODULE } from "./debugging.js";

/** Compiles what is shipped, and beside it the module that tests run in its place: it says why the SDK refuses a call. */
export async function compileForTests(project: Project): Promise<Built> {
  const out = diagnosticFile(DEFAULT_MODULE);
  const [built, told] = await Promise.all([
    compile(project, { out: DEFAULT_MODULE, target: "release" }),
    // Its errors are those of the other.
    compile(project, { out, target: "release", names: true, diagnostics: true }).catch(() => undefined),
  ]);
  if (told !== undefined) {
    const draft = `${told.file}.${process.pid}`;
    writeFileSync(draft, withOwner(readFileSync(told.file), readFileSync(built.file)));
    renameSync(draft, told.file);
  }
  return built;
}

/** Compiles what is shipped, and beside it the module that tests run in its place under a debugger. */
export async function compileForDebugging(project: Project): Promise<Built> {
  const [built, debug] = await Promise.all([
    compile(project, { out: DEFAULT_MODULE, target: "release" }),
    compile(project, { out: DEBUG_MODULE, target: "debug", diagnostics: true }),
  ]);
  // It is taken as long as it is not older than the other.
  const now = new Date();
  utimesSync(debug.file, now, now);
  return built;
}
