/**
 * The contexts that are alive, as objects of their classes.
 *
 * @module
 */
import { cast } from "../memory/cast";
import { ContextKind, Target } from "../runtime/target";
import { Context } from "./context";
import { HttpContext } from "./http-context";
import { PluginContext } from "./plugin-context";
import { findTarget } from "./table";
import { TcpContext } from "./tcp-context";

/** The context with this number; null when it never was or is gone. */
// @ts-ignore: decorator
@inline
export function findContext(id: u32): Context | null {
  return cast<Target | null, Context | null>(findTarget(id));
}

/** The plugin with this number. */
export function findPlugin(id: u32): PluginContext | null {
  return findKind<PluginContext>(id, ContextKind.Plugin);
}

/** The HTTP stream with this number. */
export function findHttp(id: u32): HttpContext | null {
  return findKind<HttpContext>(id, ContextKind.Http);
}

/** The connection with this number. */
export function findTcp(id: u32): TcpContext | null {
  return findKind<TcpContext>(id, ContextKind.Tcp);
}

// @ts-ignore: decorator
@inline
function findKind<T extends Context>(id: u32, kind: ContextKind): T | null {
  const context = findTarget(id);
  return context !== null && context.$kind == kind ? cast<Target, T>(context) : null;
}
