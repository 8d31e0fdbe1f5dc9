/**
 * Plugins whose requests are handled by flows.
 *
 * @module
 */
import { HttpContext } from "../context/http-context";
import { SharedQueue } from "../context/shared-queue";
import { Exchange } from "./exchange";
import { FlowPluginBase } from "./plugin-base";
import { Receivers } from "./queue";
import { FlowStream } from "./stream";

/**
 * A plugin whose requests are handled by straight-line code: override `handle`. It has its configuration and state like
 * every plugin; register it with `registerPlugin`.
 *
 * @example
 * class Auth extends FlowPlugin {
 *   private cluster: string = "";
 *
 *   onConfigure(configuration: string): bool {
 *     this.cluster = configuration;
 *     this.flow.requestBodyLimit = 65536;
 *     return this.cluster.length > 0;
 *   }
 *
 *   handle(x: Exchange): void {
 *     if (fetch(this.cluster, { path: "/check" }).status != 200) x.respond(403);
 *   }
 * }
 * registerPlugin<Auth>("auth");
 */
export class FlowPlugin extends FlowPluginBase {
  /** @internal The function that handles each request. */
  $handler: (x: Exchange) => void = (x: Exchange): void => x.plugin.handle(x);

  /** Called for each request, as a flow: it may wait. */
  handle(x: Exchange): void {}

  createHttpContext(): HttpContext | null {
    const stream = new FlowStream();
    stream.exchange = new Exchange(stream, this);
    return stream;
  }

  /** Gives messages to the flows that wait for them; call it (`super.onQueueReady(queue)`) when you override it. */
  onQueueReady(queue: SharedQueue): void {
    const receivers = this.$part<Receivers>();
    if (receivers !== null) receivers.give(queue);
  }
}
