/**
 * The callbacks for the module, its plugins, and the beginning and end of every context.
 *
 * @module
 */
import { BufferType, LogLevel } from "../abi/enums";
import { proxy_set_tick_period_milliseconds } from "../abi/imports";
import { Context } from "../context/context";
import { beginCreation } from "../context/new-context";
import { noteFailed, takeFailed } from "../context/failed";
import { HttpContext } from "../context/http-context";
import { noteConfiguration } from "../context/own-names";
import { endCreation } from "../context/parts";
import { PluginContext } from "../context/plugin-context";
import { sharedHttpContext } from "../context/register";
import { RefusedConnection, RefusedStream } from "../context/refused";
import { createOnlyPlugin, createPlugin, doubleRootId, registeredRootIds } from "../context/registrations";
import { TcpContext } from "../context/tcp-context";
import { contextById, pluginById } from "../context/by-id";
import { addContext, removeContext } from "../context/table";
import { RESET } from "../http/stream-state";
import { cast } from "../memory/cast";
import { hostAllocate } from "../memory/host-values";
import { MAY_REGISTER_TWICE, MAY_REUSE_CONTEXTS, ROOT_IDS, SHARED_STREAMS, TIMERS } from "../runtime/build";
import { Phase, enter, leave } from "../runtime/current-callback";
import { ContextKind } from "../runtime/target";
import { readBuffer } from "../services/buffer";
import { log } from "../services/log";
import { readProperty } from "../services/property";

/** The marker of Proxy-Wasm ABI 0.2.1; never called. */
export function proxy_abi_version_0_2_1(): void {}

export function proxy_on_memory_allocate(size: usize): usize {
  return hostAllocate(size);
}

export function proxy_on_context_create(id: u32, parentId: u32): void {
  enter(id, parentId == 0 ? Phase.Plugin : Phase.Create);
  const context = parentId == 0 ? createRoot(id) : createStream(id, parentId);
  endCreation(context);
  if (context !== null) addContext(context);
  beginCreation(0, null);
  leave();
}

function createRoot(id: u32): Context | null {
  beginCreation(id, null);
  // Envoy 1.40 dies when one plugin's first timer begins in a tick of another's: its list of them moves meanwhile.
  if (TIMERS) proxy_set_tick_period_milliseconds(0);
  if (!ROOT_IDS) return createOnlyPlugin();
  const own = readProperty("plugin_root_id");
  const rootId = own === null ? "" : own;
  const double = doubleRootId();
  if (MAY_REGISTER_TWICE && double !== null) {
    log.critical('two plugins are registered for root_id "' + double + '"; no configuration is accepted');
    return null;
  }
  const plugin = createPlugin(rootId);
  if (plugin === null) {
    log.critical('this module has no plugin for root_id "' + rootId + '"; it has ' + registeredRootIds());
  }
  return plugin;
}

function createStream(id: u32, parentId: u32): Context | null {
  const plugin = pluginById(parentId);
  if (plugin === null) {
    // It could not be made.
    noteFailed(id);
    return null;
  }
  beginCreation(id, plugin);
  // The host does not say which kind it is: a plugin makes contexts of one kind.
  const stream = plugin.createHttpContext();
  if (stream !== null) return MAY_REUSE_CONTEXTS && stream.contextId != id ? new RefusedStream() : stream;
  const connection = plugin.createTcpContext();
  if (connection === null) return null;
  return MAY_REUSE_CONTEXTS && connection.contextId != id ? new RefusedConnection() : connection;
}

export function proxy_on_vm_start(id: u32, configurationSize: u32): i32 {
  enter(id, Phase.Plugin);
  const plugin = pluginById(id);
  const accepted = plugin === null || plugin.onVmStart(readBuffer(BufferType.VmConfiguration));
  leave();
  return accepted ? 1 : 0;
}

/** A plugin that does not exist, because nothing is registered for its root id, does not accept its configuration. */
export function proxy_on_configure(id: u32, configurationSize: u32): i32 {
  enter(id, Phase.Plugin);
  const plugin = pluginById(id);
  const configuration = readBuffer(BufferType.PluginConfiguration);
  noteConfiguration(id, configuration);
  const accepted = plugin !== null && plugin.onConfigure(configuration);
  leave();
  return accepted ? 1 : 0;
}

export function proxy_on_log(id: u32): void {
  enter(id, Phase.Log);
  const context = SHARED_STREAMS ? sharedHttpContext : contextById(id);
  if (context !== null) context.onLog();
  leave();
  if (!SHARED_STREAMS && context !== null) context.$progress |= RESET;
}

export function proxy_on_done(id: u32): i32 {
  enter(id, Phase.End);
  const context = SHARED_STREAMS ? sharedHttpContext : contextById(id);
  let done: bool = true;
  if (SHARED_STREAMS) sharedHttpContext!.onDone();
  else if (context !== null) {
    const kind = context.$kind;
    if (kind == ContextKind.Plugin) done = cast<Context, PluginContext>(context).onDone();
    else if (kind == ContextKind.Http) cast<Context, HttpContext>(context).onDone();
    else cast<Context, TcpContext>(context).onDone();
  }
  leave();
  return done ? 1 : 0;
}

export function proxy_on_delete(id: u32): void {
  enter(id, Phase.End);
  const context = SHARED_STREAMS ? sharedHttpContext : contextById(id);
  if (context !== null) context.onDelete();
  if (!SHARED_STREAMS) {
    removeContext(id);
    takeFailed(id);
  }
  leave();
}
