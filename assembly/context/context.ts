/**
 * What plugins and streams have in common.
 *
 * @module
 */
import { Target } from "../runtime/call";
import { creatingId } from "./creation";

/** A context of the host: a plugin, or a stream or connection that it handles. */
export abstract class Context extends Target {
  constructor() {
    super(creatingId);
  }

  /**
   * Called when the context has ended, for access logging: all headers of an HTTP stream can be read, none written. In
   * Envoy it comes before `onDone`, and only here are the request's headers readable again. An access logger is called
   * here on its plugin's context.
   */
  onLog(): void {}

  /** Called last; the context is forgotten afterwards. */
  onDelete(): void {}
}
