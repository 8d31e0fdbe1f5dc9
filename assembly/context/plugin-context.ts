/**
 * The plugin: one object for each configured plugin in each worker thread.
 *
 * @module
 */
import { FailurePolicy, Status } from "../abi/enums";
import { proxy_done } from "../abi/imports";
import { cast } from "../memory/cast";
import { DEBUG } from "../runtime/build";
import { actOn } from "../runtime/current-callback";
import { explain, record, refuse } from "../runtime/status";
import { Target, wholeOf } from "../runtime/target";
import { Context } from "./context";
import { HttpContext } from "./http-context";
import { SharedQueue } from "./shared-queue";
import { TcpContext } from "./tcp-context";

/**
 * A plugin with its configuration: extend it to read configuration, to share state between streams, and to make the
 * contexts of streams. Register the class with `registerPlugin`.
 *
 * Keep configuration in fields, never in globals: on an update, Envoy runs the new configuration beside the old one in
 * the same VM, and streams of the old one live on.
 *
 * @example
 * class Greeter extends PluginContext {
 *   greeting: string = "hello";
 *
 *   onConfigure(configuration: string): bool {
 *     if (configuration.length > 0) this.greeting = configuration;
 *     return true;
 *   }
 *
 *   createHttpContext(): HttpContext {
 *     return new GreeterStream(this);
 *   }
 * }
 * class GreeterStream extends HttpContext {
 *   constructor(private readonly greeter: Greeter) {
 *     super();
 *   }
 *   onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
 *     this.request.headers.set("x-greeting", this.greeter.greeting);
 *     return FilterHeadersStatus.Continue;
 *   }
 * }
 * registerPlugin<Greeter>("greeter");
 */
export class PluginContext extends Context {
  get plugin(): PluginContext {
    return cast<Target, PluginContext>(wholeOf(this));
  }

  /**
   * Called once when the plugin starts, before `onConfigure`; `vmConfiguration` is the VM's configuration, `""` when it
   * has none. Answer false to refuse it: Envoy then rejects the configuration, or does not start. Source:
   * `proxy_on_vm_start`.
   */
  onVmStart(vmConfiguration: string): bool {
    return true;
  }

  /**
   * Called when the plugin is configured; `configuration` is `""` when there is none. Answer false to refuse it (say why
   * with `log.error`): Envoy then rejects the configuration, or does not start.
   *
   * Envoy passes a `StringValue` or `BytesValue` unwrapped, and a `google.protobuf.Struct` as protobuf bytes. Istio
   * passes JSON text. Source: `proxy_on_configure`.
   */
  onConfigure(configuration: string): bool {
    return true;
  }

  /**
   * Called when a bug in the filter has ended a callback of the plugin's own (then the answer means nothing), one of a
   * stream or connection that has no `onError` itself, or the making of one. See `Context.onError`.
   *
   * @param error what was thrown; `message` and `stack` (the place) are those of the log's line.
   * @returns what becomes of the stream or connection.
   */
  onError(error: Error): FailurePolicy {
    return FailurePolicy.FailClosed;
  }

  /** Makes the context of a new HTTP stream; null (the default) lets the stream pass unseen. */
  createHttpContext(): HttpContext | null {
    return null;
  }

  /**
   * Makes the context of a new connection, in a network filter; null (the default) lets it pass unseen. It is asked only where
   * `createHttpContext` answers null: the host does not say what it needs.
   */
  createTcpContext(): TcpContext | null {
    return null;
  }

  /**
   * Called when the plugin is removed or replaced, and at shutdown. Answer false to stay alive for pending work, and call
   * `done()` when it is finished; Envoy does not wait for that at shutdown. Source: `proxy_on_done`.
   */
  onDone(): bool {
    return true;
  }

  /**
   * Says that the pending work is finished, after `onDone` has answered false. `Status.NotFound` when nothing waits for
   * it. Source: `proxy_done`.
   */
  done(): Status {
    if (actOn(this)) return record(proxy_done());
    if (DEBUG) explain("done: the plugin is gone");
    return refuse();
  }

  /**
   * Called when a message was put in a queue that this plugin has registered; not within `enqueue`. Another thread may
   * have taken it already. Source: `proxy_on_queue_ready`.
   */
  onQueueReady(queue: SharedQueue): void {}

  /** Called when the host calls the plugin by its own means; no known host does. Source: `proxy_on_foreign_function`. */
  onForeignFunction(functionId: u32, data: Uint8Array): void {}
}
