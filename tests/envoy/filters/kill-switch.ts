/** Ends all requests under way when a message comes, through a method of their own. */
import { FilterHeadersStatus, HttpContext, PluginContext, SharedQueue, registerPlugin } from "proxy-wasm-as";

class Switch extends PluginContext {
  readonly open: Stream[] = [];
  queue: SharedQueue | null = null;

  onConfigure(configuration: string): bool {
    this.queue = SharedQueue.register("switch");
    return this.queue !== null;
  }

  createHttpContext(): HttpContext {
    return new Stream();
  }

  onQueueReady(queue: SharedQueue): void {
    while (queue.dequeue() !== null) {
      for (let i = 0; i < this.open.length; i++) this.open[i].kill();
      this.open.length = 0;
    }
  }
}

class Stream extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const plugin = this.plugin as Switch;
    if (this.request.headers.equals(":path", "/kill")) plugin.queue!.enqueue("now");
    else plugin.open.push(this);
    return FilterHeadersStatus.Continue;
  }

  /** Breaks the request off. */
  kill(): void {
    this.reset();
  }
}
registerPlugin<Switch>();
