import { MapType } from "./abi/enums.js";
import type { HeaderMap } from "./abi/header-map.js";
import { readable } from "./abi/text.js";
import { Context } from "./context.js";
import { GrpcCalls } from "./grpc-calls.js";
import type { Cluster } from "./services/cluster.js";
import { HttpCall } from "./services/http-call.js";
import type { HttpCallRequest, HttpCallResponse } from "./services/http-call.js";
import type { HttpStream } from "./http/stream.js";
import { attribute } from "./services/attributes.js";
import type { Found } from "./services/properties.js";
import type { Plugin } from "./vm/plugin.js";
import type { Timer } from "./vm/loop.js";
import type { Vm } from "./vm/vm.js";

const BROKEN_CONNECTION = 11;

/** A plugin's context: calls, timers and queues belong to it. */
export class RootContext extends Context {
  /** The configuration that `proxy_on_configure` may read now. */
  readableConfiguration: Uint8Array | undefined;
  /** The answer that is being told. */
  httpCallResponse: HttpCallResponse | undefined;
  readonly grpc = new GrpcCalls(this);
  callData: Uint8Array | undefined;
  /** The answer to `proxy_get_status`. The code stays when a later call succeeds. */
  status = { code: 0, message: "" };
  readonly declaredProperties = new Map<string, { readonly readonly: boolean }>();
  /** The stream whose end an access logger is told. */
  private logged: HttpStream | undefined;
  private readonly httpCalls = new Map<number, HttpCall>();
  private timer: Timer | undefined;
  private tickPeriod = 0;

  constructor(vm: Vm, plugin: Plugin) {
    super(vm, vm.allocateId(), plugin);
  }

  override get root(): this {
    return this;
  }

  protected override get parentId(): number {
    return 0;
  }

  override get logPrefix(): string {
    return [this.plugin!.rootId, this.vm.options.vmId]
      .filter((part) => part !== "")
      .map(readable)
      .join(" ");
  }

  override mapForReading(type: number): HeaderMap | undefined {
    const { logged } = this;
    if (logged !== undefined && type <= MapType.ResponseTrailers)
      return [logged.requestHeaders, undefined, logged.responseHeaders, logged.responseTrailers][type];
    return this.calloutMap(type);
  }

  override get isLogging(): boolean {
    return this.logged !== undefined;
  }

  /** Tells the end of a stream to an access logger. */
  logStream(stream: HttpStream): void {
    this.logged = stream;
    this.onLog();
    this.logged = undefined;
  }

  /** The maps of calls, which streams read too. */
  calloutMap(type: number): HeaderMap | undefined {
    switch (type) {
      case MapType.HttpCallResponseHeaders:
        return this.httpCallResponse?.headers;
      case MapType.HttpCallResponseTrailers:
        return this.httpCallResponse?.trailers;
      case MapType.GrpcReceiveInitialMetadata:
        return this.grpc.initialMetadata;
      case MapType.GrpcReceiveTrailingMetadata:
        return this.grpc.trailingMetadata;
      default:
        return undefined;
    }
  }

  override property(path: readonly string[]): Found {
    const set = this.vm.environment.properties.get(path.join("."));
    if (set !== undefined) return set;
    const isOfRequest = this.logged !== undefined && path[0] !== "connection_id";
    const found = isOfRequest ? attribute(path, this.logged!.info, this.logged!) : undefined;
    return found ?? super.property(path);
  }

  // Start and end

  /** Calls `proxy_on_context_create`, `proxy_on_vm_start` and `proxy_on_configure`; why it failed, if it did. */
  begin(): string | undefined {
    const { vm, plugin } = this;
    this.readableConfiguration = plugin!.configuration;
    this.create();
    this.readableConfiguration = undefined;
    const startedDead = vm.failure !== undefined;
    if (!this.ask("proxy_on_vm_start", vm.options.configuration.length) && !startedDead)
      return `Failed to start base Wasm${this.cause}`;
    if (!this.configure(plugin!.configuration) && !startedDead)
      return `Failed to configure base Wasm plugin${this.cause}`;
    return undefined;
  }

  configure(configuration: Uint8Array): boolean {
    this.readableConfiguration = configuration;
    const accepted = this.ask("proxy_on_configure", configuration.length);
    this.readableConfiguration = undefined;
    return accepted;
  }

  private get cause(): string {
    return this.vm.failure === undefined ? "" : `: ${this.vm.failure}`;
  }

  private ask(callback: string, size: number): boolean {
    const { vm } = this;
    if (vm.failure !== undefined) return false;
    if (!vm.has(callback)) return true;
    const result = vm.call(this, callback, this.id, size);
    vm.endCall();
    return vm.failure === undefined && result !== 0;
  }

  /** Ends the plugin: `proxy_on_done`, and `proxy_on_delete` unless it asks for more time. */
  end(): void {
    if (this.onDone()) this.delete();
    else this.vm.pendingDone.add(this);
  }

  delete(): void {
    this.onDelete();
    this.setTickPeriod(0);
    for (const call of this.httpCalls.values()) call.cancel();
    this.grpc.resetAll();
    this.vm.contexts.delete(this.id);
  }

  // Timers and queues

  /** Milliseconds; 0 for none. */
  setTickPeriod(period: number): void {
    this.tickPeriod = period;
    this.timer?.cancel();
    this.timer = undefined;
    if (period > 0) this.timer = this.vm.environment.loop.after(period, () => this.tick());
  }

  private tick(): void {
    const period = this.tickPeriod;
    this.timer = undefined;
    if (this.vm.failure !== undefined) return;
    if (this.vm.has("proxy_on_tick")) {
      this.vm.call(this, "proxy_on_tick", this.id);
      this.vm.endCall();
    }
    if (this.vm.failure === undefined && this.timer === undefined && this.tickPeriod === period && period > 0)
      this.setTickPeriod(period);
  }

  onQueueReady(queue: number): void {
    if (this.vm.failure !== undefined) return;
    this.vm.call(this, "proxy_on_queue_ready", this.id, queue);
    this.vm.endCall();
  }

  // HTTP calls

  startHttpCall(token: number, cluster: Cluster, request: HttpCallRequest): void {
    const call = new HttpCall(this.vm.environment, cluster, request, (response) =>
      this.onHttpCallEnd(token, response),
    );
    this.httpCalls.set(token, call);
  }

  private onHttpCallEnd(token: number, response: HttpCallResponse | undefined): void {
    const { vm } = this;
    if (!this.httpCalls.has(token)) return;
    if (response === undefined) this.status = { code: BROKEN_CONNECTION, message: "reset" };
    this.httpCallResponse = response;
    vm.afterCall(() => {
      this.httpCallResponse = undefined;
      if (response === undefined) this.status = { ...this.status, message: "" };
      this.httpCalls.delete(token);
    });
    const numbers =
      response === undefined
        ? [0, 0, 0]
        : [response.headers.size, response.body.length, response.trailers?.size ?? 0];
    vm.call(this, "proxy_on_http_call_response", this.id, token, ...numbers);
    vm.endCall();
  }
}
