/**
 * Messages of our own about a user's source. Tried with AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type { Node } from "assemblyscript";
import { tables } from "./tables.js";

const { User_defined_0: OWN } = tables["DiagnosticCode"]!;

/** A receiver of messages: a compiler or a resolver. */
interface Emitter {
  readonly diagnostics: { message: string }[];
  error(code: never, range: Node["range"], text: string): void;
  warning(code: never, range: Node["range"], text: string): void;
}

/** Refuses a part of a source with a sentence. */
export function say(emitter: object, node: Node, sentence: string): void {
  emit(emitter as Emitter, "error", node, sentence);
}

/** Warns of a part of a source with a sentence; the build goes on. */
export function warn(emitter: object, node: Node, sentence: string): void {
  emit(emitter as Emitter, "warning", node, sentence);
}

function emit(emitter: Emitter, level: "error" | "warning", { range }: Node, sentence: string): void {
  const { diagnostics } = emitter;
  const known = diagnostics.length;
  emitter[level](OWN as never, range, sentence);
  // The compiler takes `$` for a sign of its own.
  const message = diagnostics[known];
  if (message !== undefined) message.message = `${sentence}.`;
}
