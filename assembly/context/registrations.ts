/**
 * Which plugin serves which root id.
 *
 * @module
 */
import { MAY_REGISTER_TWICE } from "../runtime/build";
import { PluginContext } from "./plugin-context";

/** A registered plugin class. */
class Registration {
  constructor(
    readonly rootId: string,
    readonly create: () => PluginContext,
    readonly next: Registration | null,
  ) {}
}

let latest: Registration | null = null;

/** A registration whose root id another one has as well. */
let double: Registration | null = null;

function isRegistered(rootId: string): bool {
  let entry = latest;
  while (entry !== null && entry.rootId != rootId) entry = entry.next;
  return entry !== null;
}

/** Registers a plugin for `rootId`; `""` serves every root id that no other registration names. */
export function addRegistration(rootId: string, create: () => PluginContext): void {
  const registration = new Registration(rootId, create, latest);
  if (MAY_REGISTER_TWICE && isRegistered(rootId)) double = registration;
  latest = registration;
}

/** The root id that is registered more than once; null when there is none. */
export function doubleRootId(): string | null {
  if (!MAY_REGISTER_TWICE) return null;
  const registration = double;
  return registration === null ? null : registration.rootId;
}

/** A new plugin, where the only registration serves every root id. */
export function createOnlyPlugin(): PluginContext | null {
  const only = latest;
  return only === null ? null : only.create();
}

/** A new plugin for `rootId`; null when none is registered for it. */
export function createPlugin(rootId: string): PluginContext | null {
  let fallback: Registration | null = null;
  let entry = latest;
  while (entry !== null) {
    if (entry.rootId == rootId) return entry.create();
    if (entry.rootId.length == 0) fallback = entry;
    entry = entry.next;
  }
  return fallback === null ? null : fallback.create();
}

/** The registered root ids, for messages. */
export function registeredRootIds(): string {
  let text = "";
  let entry = latest;
  while (entry !== null) {
    text = '"' + entry.rootId + '"' + (text.length > 0 ? ", " : "") + text;
    entry = entry.next;
  }
  return text;
}
