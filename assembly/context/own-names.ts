/**
 * Prefixes that keep the shared data and queues of one plugin apart from those of another: the host shares them among all plugins
 * with the same `vm_id`, whatever their modules, and Istio sets no `vm_id`.
 *
 * @module
 */
import { proxy_set_effective_context } from "../abi/imports";
import { actsOnOwn, callbackContext, effectiveContext } from "../runtime/current-callback";
import { lastStatus, record } from "../runtime/status";
import { pluginOf } from "../runtime/target";
import { readProperty } from "../services/property";
import { creatingPlugin } from "./new-context";
import { findTarget } from "./table";

/** The prefix of a plugin's keys and names. */
@final
class OwnNames {
  constructor(
    /** The plugin's number. */
    readonly owner: u32,
    readonly prefix: string,
    readonly next: OwnNames | null,
  ) {}
}

/** A hash of the filter's sources. The transform sets it. */
let sources: u32 = 0;

/** The prefixes that have been used so far, the latest first. */
let known: OwnNames | null = null;

/** The key or name `name` of the plugin whose callback is running. */
export function ownName(name: string): string {
  return ownPrefix() + name;
}

function ownPrefix(): string {
  const owner = ownerOf(callbackContext);
  let names = known;
  while (names !== null && names.owner != owner) names = names.next;
  return names === null ? remember(owner, "") : names.prefix;
}

/** The number of the plugin that a context belongs to. */
function ownerOf(id: u32): u32 {
  const context = findTarget(id);
  if (context !== null) return pluginOf(context).contextId;
  // One that is being created.
  const plugin = creatingPlugin;
  return plugin === null ? id : plugin.contextId;
}

/**
 * Asks the host how the plugin is called, and keeps the answer. A plugin without a name is told apart by `otherwise`.
 */
function remember(owner: u32, otherwise: string): string {
  const moved = !actsOnOwn();
  const effective = effectiveContext;
  if (moved) proxy_set_effective_context(callbackContext);
  const name = readProperty("plugin_name");
  const rootId = readProperty("plugin_root_id");
  if (moved) proxy_set_effective_context(effective);
  const ofPlugin = name === null || name.length == 0 ? otherwise : name;
  const prefix = "plugin\0" + ofPlugin + "\0" + (rootId === null ? "" : rootId) + "\0";
  known = new OwnNames(owner, prefix, alive(known));
  return prefix;
}

/** Those of `names` whose plugins are there. */
function alive(names: OwnNames | null): OwnNames | null {
  if (names === null) return null;
  const others = alive(names.next);
  if (findTarget(names.owner) === null) return others;
  return others === names.next ? names : new OwnNames(names.owner, names.prefix, others);
}

/**
 * Called with each configuration before the plugin is: two plugins without a name are told apart by it, and by what their
 * modules were made of. The transform takes this out of modules that ask for no names.
 */
export function noteConfiguration(plugin: u32, configuration: string): void {
  // FNV-1a, 64 bits; and no name of a plugin has its mark.
  let sum: u64 = 0xcbf29ce484222325 ^ (<u64>sources);
  for (let i = 0; i < configuration.length; i++) sum = (sum ^ configuration.charCodeAt(i)) * 0x100000001b3;
  const status = lastStatus(); // which is of the configuration
  remember(plugin, "\0" + sum.toString(16));
  record(status);
}
