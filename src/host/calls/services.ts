import { MetricType, logLevels } from "../abi/enums.js";
import { Status } from "../abi/status.js";
import { bytesOf, noBytes, readable } from "../abi/text.js";
import type { Metric } from "../services/metrics.js";
import { serialize, unserializable } from "../services/properties.js";
import { nanosecondsOf } from "../vm/loop.js";
import type { HostFunction, Vm } from "../vm/vm.js";

function log(vm: Vm, level: number, ptr: number, length: number): Status {
  const name = logLevels[level >>> 0];
  if (name === undefined) return vm.because(Status.BadArgument, `there is no log level ${level >>> 0}`);
  const message = vm.guest.readText(ptr, length);
  if (message === undefined) return vm.badAddress("the message", ptr, length);
  const { context } = vm;
  const stack = name === "critical" ? vm.takeThrown() : undefined;
  if (level >= vm.environment.logLevel)
    vm.environment.log({
      level: name,
      from: context.logPrefix,
      message: readable(message),
      contextId: context.id,
      ofModule: true,
      ...(stack !== undefined && { stack }),
    });
  return Status.Ok;
}

function getLogLevel(vm: Vm, levelOut: number): Status {
  return vm.guest.writeU32(levelOut, vm.environment.logLevel) ? Status.Ok : badOut(vm, levelOut, 4);
}

function badOut(vm: Vm, ptr: number, length: number): Status {
  return vm.badAddress("the address for the result", ptr, length);
}

function currentTime(vm: Vm, timeOut: number): Status {
  const nanoseconds = nanosecondsOf(vm.environment.loop.now());
  return vm.guest.writeU64(timeOut, nanoseconds) ? Status.Ok : badOut(vm, timeOut, 8);
}

function setTickPeriod(vm: Vm, period: number): Status {
  vm.context.root?.setTickPeriod(period >>> 0);
  return Status.Ok;
}

function getProperty(vm: Vm, path: number, pathLength: number, ptrOut: number, sizeOut: number): Status {
  const text = vm.guest.readText(path, pathLength);
  if (text === undefined) return vm.badAddress("the path", path, pathLength);
  const dotted = (text.endsWith("\0") ? text.slice(0, -1) : text).split("\0");
  const shown = readable(dotted.join("."));
  if (text === "") return vm.because(Status.SerializationFailure, "the path is empty");
  const found = vm.context.property(dotted);
  if (found === undefined) return vm.because(Status.NotFound, `there is no property ${shown} now`);
  if (found === unserializable)
    return vm.because(Status.SerializationFailure, `${shown} is not a value; ask for one of its fields`);
  return vm.give(serialize(found), ptrOut, sizeOut);
}

function setProperty(vm: Vm, path: number, pathLength: number, ptr: number, length: number): Status {
  const text = vm.guest.readText(path, pathLength);
  if (text === undefined) return vm.badAddress("the path", path, pathLength);
  const value = vm.guest.read(ptr, length);
  if (value === undefined) return vm.badAddress("the value", ptr, length);
  return vm.context.setProperty(text, value);
}

function getSharedData(
  vm: Vm,
  key: number,
  keyLength: number,
  ptrOut: number,
  sizeOut: number,
  casOut: number,
): Status {
  const name = vm.guest.readText(key, keyLength);
  if (name === undefined) return vm.badAddress("the key", key, keyLength);
  const entry = vm.environment.sharedData.get(vm.options.vmId, name);
  if (entry === undefined) return vm.because(Status.NotFound, `there is no shared data "${readable(name)}"`);
  const status = vm.give(entry.value, ptrOut, sizeOut);
  if (status !== Status.Ok) return status;
  return vm.guest.writeU32(casOut, entry.cas) ? Status.Ok : badOut(vm, casOut, 4);
}

function setSharedData(
  vm: Vm,
  key: number,
  keyLength: number,
  ptr: number,
  length: number,
  cas: number,
): Status {
  const name = vm.guest.readText(key, keyLength);
  if (name === undefined) return vm.badAddress("the key", key, keyLength);
  const value = vm.guest.read(ptr, length);
  if (value === undefined) return vm.badAddress("the value", ptr, length);
  if (vm.environment.sharedData.set(vm.options.vmId, name, value, cas >>> 0)) return Status.Ok;
  return vm.because(
    Status.CasMismatch,
    `the shared data "${readable(name)}" changed since number ${cas >>> 0}`,
  );
}

function registerQueue(vm: Vm, ptr: number, length: number, idOut: number): Status {
  const name = vm.guest.readText(ptr, length);
  if (name === undefined) return vm.badAddress("the queue's name", ptr, length);
  const id = vm.environment.queues.register(vm.options.vmId, name, vm.context.root!);
  return vm.guest.writeU32(idOut, id) ? Status.Ok : badOut(vm, idOut, 4);
}

function resolveQueue(
  vm: Vm,
  vmPtr: number,
  vmLength: number,
  ptr: number,
  length: number,
  idOut: number,
): Status {
  const vmId = vm.guest.readText(vmPtr, vmLength);
  if (vmId === undefined) return vm.badAddress("the VM id", vmPtr, vmLength);
  const name = vm.guest.readText(ptr, length);
  if (name === undefined) return vm.badAddress("the queue's name", ptr, length);
  const id = vm.environment.queues.resolve(vmId === "" ? vm.options.vmId : vmId, name);
  if (id === undefined)
    return vm.because(
      Status.NotFound,
      `no VM "${readable(vmId)}" has registered a queue "${readable(name)}"`,
    );
  return vm.guest.writeU32(idOut, id) ? Status.Ok : badOut(vm, idOut, 4);
}

function enqueue(vm: Vm, id: number, ptr: number, length: number): Status {
  const message = vm.guest.read(ptr, length);
  if (message === undefined) return vm.badAddress("the message", ptr, length);
  if (vm.environment.queues.enqueue(id >>> 0, message)) return Status.Ok;
  return vm.because(Status.NotFound, `there is no queue ${id >>> 0}`);
}

function dequeue(vm: Vm, id: number, ptrOut: number, sizeOut: number): Status {
  const message = vm.environment.queues.dequeue(id >>> 0);
  if (message === undefined) return vm.because(Status.NotFound, `there is no queue ${id >>> 0}`);
  if (message === null) return vm.because(Status.Empty, `queue ${id >>> 0} is empty`);
  return vm.give(message, ptrOut, sizeOut);
}

/** The metrics that each VM has defined, by id. */
const metricsOf = new WeakMap<Vm, Map<number, Metric>>();

function defineMetric(vm: Vm, type: number, ptr: number, length: number, idOut: number): Status {
  const name = vm.guest.readText(ptr, length);
  if (name === undefined) return vm.badAddress("the metric's name", ptr, length);
  if (type !== 0 && type !== 1 && type !== 2)
    return vm.because(Status.BadArgument, `there is no metric type ${type >>> 0}`);
  let metrics = metricsOf.get(vm);
  if (metrics === undefined) metricsOf.set(vm, (metrics = new Map<number, Metric>()));
  const id = vm.nextNumber("metric", type);
  metrics.set(id, vm.environment.metrics.define(type, readable(name)));
  return vm.guest.writeU32(idOut, id) ? Status.Ok : badOut(vm, idOut, 4);
}

function metricOf(vm: Vm, id: number): Metric | undefined {
  return metricsOf.get(vm)?.get(id >>> 0);
}

function noMetric(vm: Vm, id: number): Status {
  return vm.because(Status.NotFound, `this VM has defined no metric ${id >>> 0}`);
}

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);

function incrementMetric(vm: Vm, id: number, offset: bigint): Status {
  if ((id & 3) > MetricType.Gauge) return vm.because(Status.BadArgument, "a histogram is not incremented");
  const metric = metricOf(vm, id);
  if (metric === undefined) return noMetric(vm, id);
  if (metric.type === "counter" && offset <= 0n)
    return vm.because(Status.BadArgument, `a counter is not incremented by ${offset}`);
  metric.value = u64(metric.value + offset);
  return Status.Ok;
}

function recordMetric(vm: Vm, id: number, value: bigint): Status {
  const metric = metricOf(vm, id);
  if (metric === undefined) return noMetric(vm, id);
  if (metric.type === "counter") metric.value = u64(metric.value + value);
  else if (metric.type === "gauge") metric.value = u64(value);
  else {
    metric.count++;
    metric.sum += u64(value);
  }
  return Status.Ok;
}

function getMetric(vm: Vm, id: number, valueOut: number): Status {
  if ((id & 3) > MetricType.Gauge) return vm.because(Status.BadArgument, "a histogram has no value");
  const metric = metricOf(vm, id);
  if (metric === undefined) return noMetric(vm, id);
  return vm.guest.writeU64(valueOut, metric.value) ? Status.Ok : badOut(vm, valueOut, 8);
}

function callForeign(
  vm: Vm,
  name: number,
  nameLength: number,
  ptr: number,
  length: number,
  ptrOut: number,
  sizeOut: number,
): Status {
  const text = vm.guest.readText(name, nameLength);
  if (text === undefined) return vm.badAddress("the function's name", name, nameLength);
  const argument = vm.guest.read(ptr, length);
  if (argument === undefined) return vm.badAddress("the argument", ptr, length);
  const foreign = vm.environment.foreignFunctions.get(text);
  if (foreign === undefined)
    return vm.because(Status.NotFound, `there is no foreign function ${readable(text)}`);
  const result = foreign(argument, vm.context);
  if (result instanceof Uint8Array) return vm.give(result, ptrOut, sizeOut, result !== noBytes);
  vm.give(noBytes, ptrOut, sizeOut);
  return vm.because(result, `the foreign function ${text} refused its argument`);
}

function getConfiguration(vm: Vm, ptrOut: number, sizeOut: number): Status {
  return vm.give(vm.context.root?.readableConfiguration ?? vm.options.configuration, ptrOut, sizeOut);
}

/** Calls back at once: the only host function that does. */
function resolveDns(vm: Vm, ptr: number, length: number, tokenOut: number): Status {
  const name = vm.guest.readText(ptr, length);
  if (name === undefined) return vm.badAddress("the host's name", ptr, length);
  const root = vm.context.root!;
  const token = ++lastDnsToken;
  if (!vm.guest.writeU32(tokenOut, token)) return badOut(vm, tokenOut, 4);
  root.callData =
    name === "localhost" ? Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, ...bytesOf("127.0.0.1"), 0) : noBytes;
  vm.call(root, "envoy_on_resolve_dns", root.id, token, root.callData.length);
  root.callData = undefined;
  return Status.Ok;
}

let lastDnsToken = 0;

/** Everything that is neither stream nor callout. */
export const serviceCalls: readonly (readonly [string, HostFunction])[] = [
  ["proxy_log", log],
  ["proxy_get_log_level", getLogLevel],
  ["proxy_get_current_time_nanoseconds", currentTime],
  ["proxy_set_tick_period_milliseconds", setTickPeriod],
  ["proxy_get_property", getProperty],
  ["proxy_set_property", setProperty],
  ["proxy_get_shared_data", getSharedData],
  ["proxy_set_shared_data", setSharedData],
  ["proxy_register_shared_queue", registerQueue],
  ["proxy_resolve_shared_queue", resolveQueue],
  ["proxy_enqueue_shared_queue", enqueue],
  ["proxy_dequeue_shared_queue", dequeue],
  ["proxy_define_metric", defineMetric],
  ["proxy_increment_metric", incrementMetric],
  ["proxy_record_metric", recordMetric],
  ["proxy_get_metric", getMetric],
  ["proxy_call_foreign_function", callForeign],
  ["proxy_get_configuration", getConfiguration],
  ["envoy_resolve_dns", resolveDns],
  ["pthread_equal", (_vm: Vm, a: number, b: number) => (a === b ? 1 : 0)],
  ["emscripten_notify_memory_growth", () => undefined],
];
