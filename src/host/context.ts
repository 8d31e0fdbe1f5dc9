import { BufferType } from "./abi/enums.js";
import type { Body } from "./abi/body.js";
import type { HeaderMap } from "./abi/header-map.js";
import type { Pairs } from "./abi/pairs.js";
import { Status } from "./abi/status.js";
import { noBytes } from "./abi/text.js";
import type { RootContext } from "./root-context.js";
import { nodeAttribute } from "./services/attribute-parts.js";
import type { Found } from "./services/properties.js";
import type { Plugin } from "./vm/plugin.js";
import type { Vm } from "./vm/vm.js";

/** A buffer as the module sees it. */
export interface GuestBuffer {
  readonly length: number;
  bytes(): Uint8Array;
  /** Replaces; the status is BadArgument where the buffer is read-only. */
  write(vm: Vm, start: number, length: number, data: Uint8Array): Status;
}

/** A local response that a module asks for. */
export interface LocalResponse {
  readonly status: number;
  readonly details: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Pairs>;
  /** -1, or any number that is none of gRPC's, derives it from the HTTP status. */
  readonly grpcStatus: number;
}

/** A context of a VM: the VM's own, a plugin's, or a stream's. */
export class Context {
  /** Tells whether `proxy_on_context_create` had its turn. */
  created = false;

  constructor(
    readonly vm: Vm,
    readonly id: number,
    readonly plugin: Plugin | undefined,
  ) {
    vm.contexts.set(id, this);
  }

  /** The plugin's context; the VM's own has none. */
  get root(): RootContext | undefined {
    return undefined;
  }

  /** The text before each of the context's messages in the log. */
  get logPrefix(): string {
    return "";
  }

  /** A header map that may be read now. */
  mapForReading(_type: number): HeaderMap | undefined {
    return undefined;
  }

  /** A header map that may be changed now. */
  mapForWriting(_type: number): HeaderMap | undefined {
    return undefined;
  }

  /** Tells whether headers are those of the access log, of which a missing map is NotFound. */
  get isLogging(): boolean {
    return false;
  }

  /** Why a header map is not there now. */
  mapReason(type: number): string {
    return `header map ${type} is not there in this context`;
  }

  /** Tells that a map was changed. */
  onMapChanged(_type: number): void {}

  /** A buffer; undefined is NotFound. */
  buffer(type: number): GuestBuffer | undefined {
    switch (type) {
      case BufferType.VmConfiguration:
        return new ConstantBuffer(this.vm.options.configuration);
      case BufferType.PluginConfiguration: {
        const bytes = this.root?.readableConfiguration;
        return bytes === undefined ? undefined : new ConstantBuffer(bytes);
      }
      case BufferType.HttpCallResponseBody: {
        const response = this.root?.httpCallResponse;
        return response === undefined ? undefined : new ConstantBuffer(response.body);
      }
      case BufferType.GrpcReceiveBuffer:
        return new BodyBuffer(this.root?.grpc.message, "a gRPC message is there only in its own callback");
      case BufferType.CallData:
        return new ConstantBuffer(this.root?.callData ?? noBytes);
      default:
        return new BodyBuffer(undefined, "there is no such body or data now");
    }
  }

  continueStream(type: number): Status {
    if (type === 3)
      return this.vm.because(Status.Unimplemented, "Envoy cannot continue the upstream of a connection");
    return type > 3 ? this.vm.because(Status.BadArgument, `there is no stream type ${type}`) : Status.Ok;
  }

  closeStream(type: number): Status {
    return type > 3 ? this.vm.because(Status.BadArgument, `there is no stream type ${type}`) : Status.Ok;
  }

  /** Envoy answers Ok and does nothing where there is no HTTP stream. */
  sendLocalResponse(_response: LocalResponse): void {}

  property(path: readonly string[]): Found {
    if (path.length !== 1 || path[0] === "xds") return nodeAttribute(path);
    if (path[0] === "plugin_name") return this.plugin?.name;
    if (path[0] === "plugin_root_id") return this.plugin?.rootId ?? "";
    if (path[0] === "plugin_vm_id") return this.vm.options.vmId;
    return undefined;
  }

  setProperty(_path: string, _value: Uint8Array): Status {
    return this.vm.because(Status.NotFound, "properties are set on streams only");
  }

  setFilterState(_name: string, _value: Uint8Array): boolean {
    return false;
  }

  // Calls of the host into the module

  create(): void {
    if (!this.created && this.vm.failure === undefined && this.vm.has("proxy_on_context_create")) {
      this.vm.call(this, "proxy_on_context_create", this.id, this.parentId);
      this.vm.endCall();
    }
    this.created = true;
  }

  /** Calls `proxy_on_done` and returns its answer: false keeps a root alive until `proxy_done`. */
  onDone(): boolean {
    if (!this.canCall("proxy_on_done")) return true;
    const result = this.vm.call(this, "proxy_on_done", this.id);
    this.vm.endCall();
    return result !== 0;
  }

  onLog(): void {
    if (this.vm.failure !== undefined || !this.vm.has("proxy_on_log")) return;
    this.vm.call(this, "proxy_on_log", this.id);
    this.vm.endCall();
  }

  onDelete(): void {
    if (!this.canCall("proxy_on_delete")) return;
    this.vm.call(this, "proxy_on_delete", this.id);
    this.vm.endCall();
  }

  protected get parentId(): number {
    return this.root?.id ?? 0;
  }

  private canCall(callback: string): boolean {
    return this.created && this.vm.failure === undefined && this.vm.has(callback);
  }
}

/** A buffer that cannot be written. */
export class ConstantBuffer implements GuestBuffer {
  constructor(private readonly content: Uint8Array) {}

  get length(): number {
    return this.content.length;
  }

  bytes(): Uint8Array {
    return this.content;
  }

  write(vm: Vm): Status {
    return vm.because(Status.BadArgument, "this buffer is read-only");
  }
}

/** A body or data, or nothing where it is not there now. */
export class BodyBuffer implements GuestBuffer {
  constructor(
    private readonly body: Body | undefined,
    private readonly reason: string,
  ) {}

  get length(): number {
    return this.body?.length ?? 0;
  }

  bytes(): Uint8Array {
    return this.body?.bytes() ?? noBytes;
  }

  write(vm: Vm, start: number, length: number, data: Uint8Array): Status {
    const { body } = this;
    if (body === undefined) return vm.because(Status.BadArgument, this.reason);
    if (start === 0) {
      body.drain(length);
      body.prepend(data);
    } else if (start >= body.length) body.append(data);
    else
      return vm.because(
        Status.BadArgument,
        `a change begins at 0, or at the end or behind it (${body.length}), not at ${start}`,
      );
    return Status.Ok;
  }
}
