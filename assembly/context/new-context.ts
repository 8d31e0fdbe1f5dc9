/**
 * The context that is being created. Constructors read it from here, so that a filter's class needs none of its own and
 * no ids are passed around.
 *
 * @module
 */
import { Target } from "../runtime/target";

/** The number that the host gave the context that is being created; 0 for one that the filter makes by itself. */
export let creatingId: u32 = 0;

/** The plugin of the stream that is being created. */
export let creatingPlugin: Target | null = null;

/** Sets what the next constructors read. */
export function beginCreation(id: u32, plugin: Target | null): void {
  creatingId = id;
  creatingPlugin = plugin;
}
