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
export function contextById(id: u32): Context | null {
  return cast<Target | null, Context | null>(findTarget(id));
}

/** The plugin with this number. */
export function pluginById(id: u32): PluginContext | null {
  return kindById<PluginContext>(id, ContextKind.Plugin);
}

/** The HTTP stream with this number. */
export function httpContextById(id: u32): HttpContext | null {
  return kindById<HttpContext>(id, ContextKind.Http);
}

/** The connection with this number. */
export function tcpContextById(id: u32): TcpContext | null {
  return kindById<TcpContext>(id, ContextKind.Tcp);
}

// @ts-ignore: decorator
@inline
function kindById<T extends Context>(id: u32, kind: ContextKind): T | null {
  const context = findTarget(id);
  return context !== null && context.$kind == kind ? cast<Target, T>(context) : null;
}
