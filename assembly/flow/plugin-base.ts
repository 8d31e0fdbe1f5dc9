/**
 * The state that all flows of a plugin share, for the layers below an exchange.
 *
 * @module
 */
import { PluginContext } from "../context/plugin-context";
import { Counter } from "../services/metric";
import { METRICS } from "./build";

/** Limits and behaviour of a plugin's flows. */
export class FlowOptions {
  /** How many requests of this plugin may wait at once in each worker thread. One more is answered with 503. */
  maxSuspended: u32 = 10000;
  /**
   * The bytes that a waiting request's functions may hold, not counting objects; only functions that call themselves, and wait
   * there, need more than a few hundred. If it does not suffice, the request is answered with 503, and waiting fails: calls have
   * `failed`, bodies are empty.
   */
  maxSuspendedBytes: u32 = 65536;
  /** The largest request body that `text()` and `bytes()` wait for, in bytes; a larger one is answered with 413. */
  requestBodyLimit: u32 = 1 << 20;
  /** The largest response body; a larger one is answered with 500 while its headers are held, and reset otherwise. */
  responseBodyLimit: u32 = 1 << 20;
  /**
   * Holds the headers while a body is waited for, so that they can still be changed. Works only where Envoy's plugin
   * configuration has `allow_on_headers_stop_iteration: true`; without it such a request hangs.
   */
  holdHeaders: bool = false;
  /** Counts in `wasmcustom.flow_suspended`, `flow_resumed`, `flow_dropped` and `flow_refused`. */
  metrics: bool = false;
}

/**
 * State that a part of flow keeps with a plugin. It is in a list, so that a plugin carries nothing of parts that no flow uses.
 */
export class PluginPart {
  /** @internal */
  next: PluginPart | null = null;
}

/** The counters of a plugin that wants them. */
@final
class FlowMetrics extends PluginPart {
  readonly suspended: Counter = new Counter("flow_suspended");
  readonly resumed: Counter = new Counter("flow_resumed");
  readonly dropped: Counter = new Counter("flow_dropped");
  readonly refused: Counter = new Counter("flow_refused");
}

/** A plugin of flows: its limits, how many of them wait, and what they keep with it. `FlowPlugin` adds the handler. */
export class FlowPluginBase extends PluginContext {
  /** Limits and behaviour; set them in `onConfigure`. */
  flow: FlowOptions = new FlowOptions();
  /** @internal How many requests wait. */
  $suspended: u32 = 0;
  private $parts: PluginPart | null = null;

  /** @internal The plugin's part of the class `T`; null before it is added. */
  $part<T extends PluginPart>(): T | null {
    let part = this.$parts;
    while (part !== null) {
      // @ts-ignore: the compiler knows the class
      if (part instanceof T) return part as T;
      part = part.next;
    }
    return null;
  }

  /** @internal */
  $addPart(part: PluginPart): void {
    part.next = this.$parts;
    this.$parts = part;
  }

  /** @internal */
  $noteSuspended(): void {
    this.$suspended++;
    if (METRICS && this.flow.metrics) this.$counters.suspended.increment();
  }

  /** @internal */
  $noteResumed(): void {
    this.$suspended--;
    if (METRICS && this.flow.metrics) this.$counters.resumed.increment();
  }

  /** @internal */
  $noteDropped(): void {
    this.$suspended--;
    if (METRICS && this.flow.metrics) this.$counters.dropped.increment();
  }

  /** @internal */
  $noteRefused(): void {
    if (METRICS && this.flow.metrics) this.$counters.refused.increment();
  }

  private get $counters(): FlowMetrics {
    const known = this.$part<FlowMetrics>();
    if (known !== null) return known;
    const metrics = new FlowMetrics();
    this.$addPart(metrics);
    return metrics;
  }
}
