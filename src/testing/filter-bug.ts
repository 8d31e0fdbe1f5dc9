import type { LogEntry } from "../host/index.js";
import { bugsIn } from "../host/index.js";
import { explain } from "./explain.js";
import { Recent } from "./recent.js";
import type { TestResponse } from "./test-stream.js";

/** A filter has a bug: it was contained, as in Envoy, or the module trapped. `mayFail` has tests go on. */
export class FilterBug extends Error {
  override readonly name = "FilterBug";

  constructor(
    /** What has happened, and where: the critical lines of the log. */
    readonly errors: readonly string[],
    /** What the request got that was on its way; undefined outside of `host.request`. */
    readonly response: TestResponse | undefined,
  ) {
    super(
      `The filter has a bug: ${errors.join("; ")}.\nPass \`mayFail: true\` to createHost where the bug is what the test ` +
        `wants; response.errors and host.errors have it.${response === undefined ? "" : `\n\n${explain(response)}`}`,
    );
  }
}

/** The bugs that a host has seen. */
export class Bugs {
  readonly recent: Recent<string>;
  /** Those that no call of the test's has failed for. */
  private pending: string[] = [];

  constructor(
    keeps: number,
    private readonly mayFail: boolean,
  ) {
    this.recent = new Recent(keeps);
  }

  /** Looks for bugs in what was logged. */
  look({ ofModule, level, message }: LogEntry): void {
    if (ofModule && level !== "critical") return;
    for (const bug of bugsIn(message)) {
      this.recent.add(bug);
      if (!this.mayFail) this.pending.push(bug);
    }
  }

  /** Throws what has come since it was asked last. */
  check(response?: TestResponse): void {
    const { pending } = this;
    if (pending.length === 0) return;
    this.pending = [];
    throw new FilterBug(pending, response);
  }
}
