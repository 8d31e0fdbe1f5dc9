/**
 * Starts a module of which the trace has only what came later: its level was raised on a proxy that ran.
 *
 * @module
 */
import type { Context } from "../host/context.js";
import type { Value } from "../host/index.js";
import type { Vm } from "../host/vm/vm.js";
import { isHanded, parametersOf } from "./parameters.js";
import type { Callback, VmTrace } from "./trace.js";

const CONFIGURATIONS = new Set([6, 7]);
const NOT_FOUND = 1;

/** Callbacks whose context is the plugin's. */
const OF_PLUGINS =
  /^proxy_on_(http_call_response|grpc_.*|tick|queue_ready|configure|vm_start|foreign_function)$/;

/** Does what a host does before the trace. */
export class Starter {
  /** Tells whether the module runs because of it. */
  isRunning = false;
  private readonly created = new Set<string>();

  constructor(
    private readonly trace: VmTrace,
    private readonly configuration: Uint8Array,
  ) {}

  /** Starts the VM and its plugin. */
  start(vm: Vm, context: Context): void {
    const { length } = this.configuration;
    const plugin = this.plugin;
    this.call(vm, context, vm.has("_initialize") ? "_initialize" : "_start");
    if (vm.has("_initialize")) this.call(vm, context, "main", 0, 0);
    this.call(vm, context, "proxy_on_context_create", plugin, 0);
    this.call(vm, context, "proxy_on_vm_start", plugin, 0);
    this.call(vm, context, "proxy_on_configure", plugin, length);
  }

  /** Creates the stream of a callback where the trace does not. */
  before(vm: Vm, context: Context, { name, args }: Callback): void {
    const [id] = args;
    if (id === undefined || Number(id) === this.plugin || OF_PLUGINS.test(name)) return;
    if (this.created.has(id)) return;
    this.created.add(id);
    if (name !== "proxy_on_context_create")
      this.call(vm, context, "proxy_on_context_create", Number(id), this.plugin);
  }

  /** The answers of host functions meanwhile: that all is well, and nothing is there but the configuration. */
  answer(vm: Vm, name: string, args: readonly Value[]): Value {
    for (const { kind, at } of parametersOf(name, args.length).filter(isHanded)) {
      if (kind === "handed") {
        if (!isOfConfiguration(name, args)) return NOT_FOUND;
        const from = name === "proxy_get_buffer_bytes" ? Number(args[1]) : 0;
        const bytes = this.configuration.subarray(from, from + (Number(args[2]) >>> 0));
        vm.give(bytes, Number(args[at]), Number(args[at + 1]));
      } else if (kind === "u64") vm.guest.writeU64(Number(args[at]), 0n);
      else if (kind === "u32") vm.guest.writeU32(Number(args[at]), this.number(vm, name, args, at));
    }
    return 0;
  }

  private number(vm: Vm, name: string, args: readonly Value[], at: number): number {
    if (name === "proxy_define_metric") return vm.nextNumber("metric", Number(args[0]) as 0 | 1 | 2);
    if (name === "proxy_http_call") return vm.nextNumber("call", 0);
    if (name === "proxy_register_shared_queue") return 1;
    return name === "proxy_get_buffer_status" && at === 1 ? this.configuration.length : 0;
  }

  /** The plugin's context: the one that callbacks name, 1 where none does. */
  private get plugin(): number {
    const { callbacks } = this.trace;
    const create = callbacks.find(({ name, args }) => name === "proxy_on_context_create" && args[1] !== "0");
    const other = callbacks.find(({ name }) => OF_PLUGINS.test(name));
    return Number(create?.args[1] ?? other?.args[0] ?? 1);
  }

  private call(vm: Vm, context: Context, name: string, ...args: number[]): void {
    if (!vm.has(name)) return;
    this.isRunning = true;
    vm.call(context, name, ...args);
    this.isRunning = false;
  }
}

function isOfConfiguration(name: string, args: readonly Value[]): boolean {
  if (name === "proxy_get_configuration") return true;
  return name === "proxy_get_buffer_bytes" && CONFIGURATIONS.has(Number(args[0]));
}
