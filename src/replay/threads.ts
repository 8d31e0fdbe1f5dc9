/**
 * Which VM of a thread a callback belongs to: Envoy's log says the thread, not the VM.
 *
 * @module
 */
import type { Callback, VmTrace } from "./trace.js";

/** The functions of the module that is to be replayed. They tell its callbacks from those of other modules. */
export interface KnownModule {
  /** The functions that it exports. */
  readonly exports: ReadonlySet<string>;
  /** The functions that it imports, without the names of the modules that they come from. */
  readonly imports: ReadonlySet<string>;
}

interface Living {
  readonly vm: VmTrace;
  /** The contexts that were created and not deleted. */
  readonly contexts: Set<string>;
  /** The callbacks that each context has last had, of those that come once in a stream. */
  readonly told: Map<string, Set<string>>;
  last: number;
  /** How many of the VM's callbacks have been looked through for what they ask for, and how often each thing was asked for. */
  looked: number;
  readonly asked: Map<string, number>;
}

const STARTS = new Set(["_initialize", "_start"]);
const MAINS = new Set(["main", "__main_void"]);

/** The callbacks that come once in a stream. */
const ONCE = new Set([
  ...["proxy_on_request_headers", "proxy_on_response_headers", "proxy_on_request_trailers"],
  ...["proxy_on_response_trailers", "proxy_on_new_connection", "proxy_on_log", "proxy_on_done"],
  "proxy_on_delete",
]);

/** The answer that comes once for each time that it was asked for. */
const SINGLE = /^proxy_on_http_call_response$/;

/** Requests to the host that a plugin is called back for later; its context has the same number in all VMs. */
const ASKS: readonly (readonly [asks: RegExp, answer: RegExp])[] = [
  [/^proxy_http_call$/, SINGLE],
  [/^proxy_grpc_(call|stream)$/, /^proxy_on_grpc_/],
  [/^proxy_set_tick_period_milliseconds$/, /^proxy_on_tick$/],
  [/^proxy_register_shared_queue$/, /^proxy_on_queue_ready$/],
  [/^proxy_call_foreign_function$/, /^proxy_on_foreign_function$/],
];

/** Finds VMs in the threads of a log. */
export class Threads {
  readonly vms: VmTrace[] = [];
  /** The callbacks of modules that are not the known one. */
  foreign = 0;
  private readonly threads = new Map<string, Living[]>();

  constructor(private readonly module?: KnownModule) {}

  /** Puts a callback that the host has called of its own to the VM that it is of. */
  add(thread: string, callback: Callback): void {
    let living = this.threads.get(thread);
    if (living === undefined) this.threads.set(thread, (living = []));
    const { name, args } = callback;
    if (STARTS.has(name) || living.length === 0) living.push(this.newVm(thread, callback));
    if (this.isForeign(name)) {
      this.foreign++;
      return;
    }
    const [id = "", parent = "0"] = args;
    const { found, isDoubtful } = choose(living, name, id, parent);
    if (isDoubtful) found.vm.doubtful++;
    found.vm.callbacks.push(callback);
    if (name === "proxy_on_context_create") {
      found.contexts.add(id);
      found.last = Math.max(found.last, Number(id));
      found.told.delete(id);
    } else if (name === "proxy_on_delete") found.contexts.delete(id);
    if (SINGLE.test(name)) found.asked.set(SINGLE.source, (found.asked.get(SINGLE.source) ?? 0) - 1);
    if (ONCE.has(name)) found.told.set(id, (found.told.get(id) ?? new Set()).add(name));
  }

  private isForeign(name: string): boolean {
    return this.module !== undefined && !STARTS.has(name) && !this.module.exports.has(name);
  }

  private newVm(thread: string, { name, line }: Callback): Living {
    const number = this.vms.length + 1;
    const vm: VmTrace = {
      ...{ number, thread, line, callbacks: [], doubtful: 0, size: undefined },
      fromStart: STARTS.has(name),
    };
    this.vms.push(vm);
    return { vm, contexts: new Set(), told: new Map(), last: 0, looked: 0, asked: new Map() };
  }
}

/** The VM of a callback of context `id`. The latest is the likeliest: the canary before it is gone. */
function choose(
  living: readonly Living[],
  name: string,
  id: string,
  parent: string,
): { found: Living; isDoubtful: boolean } {
  const latest = living.at(-1)!;
  if (STARTS.has(name) || MAINS.has(name)) return { found: latest, isDoubtful: false };
  if (name === "proxy_on_context_create") {
    if (parent === "0") return { found: latest, isDoubtful: false };
    const next = living.filter(({ contexts, last }) => contexts.has(parent) && last + 1 === Number(id));
    const found = next[0] ?? living.findLast(({ contexts }) => contexts.has(parent)) ?? latest;
    return { found, isDoubtful: next.length > 1 };
  }
  const with_ = living.filter(({ contexts }) => contexts.has(id));
  if (with_.length === 1) return { found: with_[0]!, isDoubtful: false };
  const candidates = with_.length > 0 ? with_ : [latest];
  const asking = candidates.filter((each) => hasAsked(each, name));
  if (asking.length > 0) return { found: asking.at(-1), isDoubtful: asking.length > 1 };
  // The other contexts have already had a callback that comes once.
  const left = ONCE.has(name) ? candidates.filter(({ told }) => told.get(id)?.has(name) !== true) : [];
  return { found: left[0] ?? candidates.at(-1), isDoubtful: candidates.length > 1 };
}

/** Tells whether the VM waits for such a callback, by what it has called until now. */
function hasAsked(living: Living, name: string): boolean {
  const answer = ASKS.find(([, answers]) => answers.test(name))?.[1].source;
  if (answer === undefined) return false;
  const { vm, asked } = living;
  for (; living.looked < vm.callbacks.length; living.looked++)
    for (const step of vm.callbacks[living.looked]!.steps) {
      const asks = ASKS.find(([one]) => one.test(step.name));
      if (asks === undefined || step.result !== "0") continue;
      const key = asks[1].source;
      asked.set(key, (asked.get(key) ?? 0) + 1);
    }
  return (asked.get(answer) ?? 0) > 0;
}
