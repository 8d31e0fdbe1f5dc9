import type { LogEntry } from "../host/index.js";
import { bugsIn } from "../host/index.js";
import { mapOf, stackLines } from "../places/index.js";
import { explain } from "./explain.js";
import { Recent } from "./recent.js";
import type { TestResponse } from "./test-stream.js";

/** A filter has a bug: it was contained, as in Envoy, or the module trapped. `mayFail` has tests go on. */
export class FilterBug extends Error {
  override readonly name = "FilterBug";

  constructor(
    /** The bugs with their places: the critical lines of the log. */
    readonly errors: readonly string[],
    /** The response to the request that was on its way; undefined outside of `host.request`. */
    readonly response: TestResponse | undefined,
    /** The functions that were running, in the filter's sources, the innermost first: lines for each of the errors. */
    readonly stacks: readonly (readonly string[])[] = [],
  ) {
    const told = errors.map((error, i) => [error, ...(stacks[i] ?? [])].join("\n    "));
    const between = stacks.some((stack) => stack.length > 0) ? ";\n" : "; ";
    super(
      `The filter has a bug: ${told.join(between)}${between === "; " ? "." : ""}\nPass \`mayFail: true\` to createHost where the bug is what the test ` +
        `wants; response.errors and host.errors have it.${response === undefined ? "" : `\n\n${explain(response)}`}`,
    );
  }
}

/** The functions that were running where a bug has happened, in the filter's sources. */
function stackOf({ stack }: LogEntry): string[] {
  const map = stack === undefined ? undefined : mapOf(stack.wasm);
  return map === undefined ? [] : stackLines(map, stack!.frames);
}

/** The bugs that a host has seen. */
export class Bugs {
  readonly recent: Recent<string>;
  /** Those that no call of the test's has failed for. */
  private pending: { readonly bug: string; readonly stack: readonly string[] }[] = [];

  constructor(
    keeps: number,
    private readonly mayFail: boolean,
  ) {
    this.recent = new Recent(keeps);
  }

  /** Looks for bugs in what was logged. */
  look(entry: LogEntry): void {
    const { ofModule, level, message } = entry;
    if (ofModule && level !== "critical") return;
    for (const bug of bugsIn(message)) {
      this.recent.add(bug);
      if (!this.mayFail) this.pending.push({ bug, stack: stackOf(entry) });
    }
  }

  /** Throws what has come since it was asked last. */
  check(response?: TestResponse): void {
    const { pending } = this;
    if (pending.length === 0) return;
    this.pending = [];
    throw new FilterBug(
      pending.map(({ bug }) => bug),
      response,
      pending.map(({ stack }) => stack),
    );
  }
}
