/**
 * Why a build cannot go on.
 *
 * @module
 */
import type { Node, Range } from "assemblyscript";

/** A sentence for the person whose build failed: where, what is wrong, and what to do about it. */
export class BuildError extends Error {
  override readonly name = "BuildError";

  constructor(message: string, range?: Range) {
    super(range === undefined ? message : `${formatRange(range)}: ${message}`);
    // asc prints the stack of what a transform throws; of this error only the sentence is of interest.
    this.stack = this.message;
  }
}

/** `file:line:column` of a place in the source. */
export function formatRange(range: Range): string {
  const { source } = range;
  return `${source.normalizedPath}:${source.lineAt(range.start)}:${source.columnAt()}`;
}

/** Fails the build at a node. */
export function failAt(node: Node, message: string): never {
  throw new BuildError(message, node.range);
}
