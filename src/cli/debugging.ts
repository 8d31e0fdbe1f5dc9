/**
 * `--debug` of `test` and `run`: the debug module, and who attaches to it.
 *
 * @module
 */
import { url } from "node:inspector";
import { InvalidArgumentError, Option } from "commander";
import { debugModuleFile } from "../places/index.js";
import { DEFAULT_MODULE } from "./compile.js";

/** The file of the debug module that a build leaves in a project. */
export const DEBUG_MODULE = debugModuleFile(DEFAULT_MODULE);

/** The port on which Node waits for debuggers. */
export const DEBUG_PORT = 9229;

export interface DebugOptions {
  readonly debug?: boolean;
  readonly debugPort: number;
}

/** The options `--debug` and `--debug-port`. */
export function debugOptions(): Option[] {
  return [
    new Option("--debug", "stop at breakpoints in the filter's sources: runs a debug module"),
    new Option("--debug-port <port>", "where a debugger attaches").default(DEBUG_PORT).argParser((text) => {
      const port = Number(text);
      if (!/^\d+$/.test(text) || port < 1 || port > 65535)
        throw new InvalidArgumentError("A port is 1 to 65535.");
      return port;
    }),
  ];
}

/** Tells whether an editor that has started this process attaches to it, and to those that it starts. */
export function isAttached(): boolean {
  return url() !== undefined || process.env["VSCODE_INSPECTOR_OPTIONS"] !== undefined;
}

/** The message that tells a person how to attach. */
export function attachHint(port: number): string {
  return `Attach a debugger to port ${port}: chrome://inspect in Chrome, or "Attach to Node Process" in VS Code.`;
}
