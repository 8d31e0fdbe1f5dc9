/**
 * Contexts of the host, as the layers below the classes of contexts know them.
 *
 * @module
 */
import { MAY_COMPOSE } from "./build";

/** The role of an object of a context's class. */
export const enum Standing {
  /** A context of the host. */
  Own,
  /** One that the host has deleted. Envoy still lets it be put in effect for a while, and crashes on what follows. */
  Gone,
  /** A part of a context of the host, `$next`: it was made with that or in a callback of it. */
  Part,
  /** Nothing: it was made where no stream is, so that there is none for what it does. */
  Lone,
}

/** The kind of a context, kept as a number: asking for its class would cost a search in a table of classes. */
export const enum ContextKind {
  Plugin,
  Http,
  Tcp,
}

/**
 * A context of the host as the layers below the contexts' classes know it: a number, a kind, and how far it has come. Host calls act
 * upon it.
 */
export abstract class Target {
  /** The number that the host gave it, as its traces have it; unique in its VM, never used again. */
  readonly contextId: u32;

  /** @internal How far it has come, as `http/stream-state.ts` names it; `progress` has it while host calls act upon it. */
  $progress: u32 = 0;

  /** @internal The turn in which it was last claimed (see `context/turns.ts`), times two; plus 1 when it was resumed. */
  $actedIn: u32 = 0;

  /** @internal A `Standing`. */
  $standing: u8 = <u8>Standing.Own;

  /** @internal The next in the same list of the table; of a part, the context that it is a part of. */
  $next: Target | null = null;

  /** @internal A `ContextKind`. */
  $kind: u8 = <u8>ContextKind.Plugin;

  /** @internal The plugin that it belongs to; null for a plugin. */
  $owner: Target | null;

  constructor(id: u32, owner: Target | null) {
    this.contextId = id;
    this.$owner = owner;
  }

  /** @internal Tells whether it can do its work as a part of a context of a kind, which calls its callbacks. */
  abstract $mayBePartOf(kind: u32): bool;
}

/** The context of the host that `context` is, or is a part of. */
// @ts-ignore: decorator
@inline
export function wholeOf(context: Target): Target {
  return MAY_COMPOSE && context.$standing == <u8>Standing.Part ? context.$next! : context;
}

/** The plugin that `context` belongs to; a plugin's is itself. */
export function pluginOf(context: Target): Target {
  expectStream(context);
  const owner = context.$owner;
  return owner === null ? wholeOf(context) : owner;
}

/** Ends the callback when `context` belongs to no stream, so that what it is to do cannot be done. */
// @ts-ignore: decorator
@inline
export function expectStream(context: Target): void {
  if (MAY_COMPOSE && context.$standing == <u8>Standing.Lone) failAlone();
}

function failAlone(): void {
  abort(
    "this context belongs to no stream; make it in createHttpContext or createTcpContext, or in a callback of its stream",
  );
}
