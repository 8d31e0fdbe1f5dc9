// Does what a scenario says: a script of host calls for each callback, read from the request's `x-<name>` header, or, for
// the plugin's own callbacks, from the plugin's configuration `<name>|<script>`. Raw host functions, and no SDK.
//
// A script is sections joined by `|`; a section is `<callback>:` and operations joined by `;`, whose words are joined by
// blanks and may contain %xx. `qb#2` is the second call of a callback. Each operation logs `<callback> <operation> = <status>`.
import {
  proxy_add_header_map_value,
  proxy_call_foreign_function,
  proxy_close_stream,
  proxy_continue_stream,
  proxy_define_metric,
  proxy_dequeue_shared_queue,
  proxy_done,
  proxy_enqueue_shared_queue,
  proxy_get_buffer_bytes,
  proxy_get_buffer_status,
  proxy_get_current_time_nanoseconds,
  proxy_get_header_map_pairs,
  proxy_get_header_map_size,
  proxy_get_header_map_value,
  proxy_get_log_level,
  proxy_get_metric,
  proxy_get_property,
  proxy_get_shared_data,
  proxy_get_status,
  proxy_grpc_call,
  proxy_grpc_cancel,
  proxy_grpc_close,
  proxy_grpc_send,
  proxy_grpc_stream,
  proxy_http_call,
  proxy_increment_metric,
  proxy_log,
  proxy_record_metric,
  proxy_register_shared_queue,
  proxy_remove_header_map_value,
  proxy_replace_header_map_value,
  proxy_resolve_shared_queue,
  proxy_send_local_response,
  proxy_set_buffer_bytes,
  proxy_set_effective_context,
  proxy_set_header_map_pairs,
  proxy_set_property,
  proxy_set_shared_data,
  proxy_set_tick_period_milliseconds,
} from "../../../assembly/abi/imports";

export function proxy_abi_version_0_2_1(): void {}

let failAllocations = false;
let trapInAllocator = false;

export function proxy_on_memory_allocate(size: usize): usize {
  if (trapInAllocator) unreachable();
  if (failAllocations) return 0;
  return heap.alloc(size);
}

/** What asc calls when something is wrong with this file. */
export function failed(message: usize, file: usize, line: u32, column: u32): void {
  unreachable();
}

const out = memory.data(8);
const out2 = memory.data(8);
const out3 = memory.data(8);

/** The plugin's name and script, and each stream's script, by context id. */
const names = new Map<u32, string>();
const scripts = new Map<u32, string>();
const roots = new Map<u32, u32>();
const counts = new Map<string, i32>();
/** The streams that wait for a call, by token. */
const waiting = new Map<u32, u32>();
/** Metrics, queues and streams by the names that scripts give them. */
const slots = new Map<string, u32>();
let answer: i32 = 0;
let lastStream: u32 = 0;
let lastToken: u32 = 0;
let lastCas: u32 = 0;

/** Text of which each character is a byte. */
function bytes(text: string): usize {
  const ptr = heap.alloc(max(text.length, 1));
  for (let i = 0; i < text.length; i++) store<u8>(ptr + i, <u8>text.charCodeAt(i));
  return ptr;
}

function textAt(ptr: usize, length: u32): string {
  const text = __new(length << 1, idof<string>());
  for (let i: u32 = 0; i < length; i++) store<u16>(text + (i << 1), load<u8>(ptr + i));
  return changetype<string>(text);
}

function logText(text: string): void {
  proxy_log(2, bytes(text), text.length);
}

/** Everything that is not a plain character as %xx. */
function escape(text: string): string {
  let all = "";
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 32 && code < 127 && code != 37) all += String.fromCharCode(code);
    else all += "%" + (code < 16 ? "0" : "") + code.toString(16);
  }
  return all;
}

/** `~` is nothing. */
function unescape(text: string): string {
  if (text == "~") return "";
  let all = "";
  for (let i = 0; i < text.length; i++) {
    if (text.charAt(i) == "%") {
      all += String.fromCharCode(<i32>parseInt(text.substring(i + 1, i + 3), 16));
      i += 2;
    } else all += text.charAt(i);
  }
  return all;
}

/** `a=b,c=d` as pairs. */
function pairsOf(text: string): string {
  const list = text == "" || text == "~" ? new Array<string>() : text.split(",");
  let head = u32Text(list.length);
  let tail = "";
  for (let i = 0; i < list.length; i++) {
    const at = list[i].indexOf("=");
    const name = unescape(list[i].substring(0, at));
    const value = unescape(list[i].substring(at + 1));
    head += u32Text(name.length) + u32Text(value.length);
    tail += name + "\0" + value + "\0";
  }
  return head + tail;
}

function u32Text(value: u32): string {
  return (
    String.fromCharCode(value & 255) +
    String.fromCharCode((value >> 8) & 255) +
    String.fromCharCode((value >> 16) & 255) +
    String.fromCharCode(value >> 24)
  );
}

function number(text: string): u32 {
  return text.charAt(0) == "-" ? <u32>-(<i32>parseInt(text.substring(1))) : <u32>parseInt(text);
}

/** Calls a foreign function; its status, and what it handed over. */
function foreign(name: string, argument: string): string {
  clear();
  const status = proxy_call_foreign_function(
    bytes(name),
    name.length,
    bytes(argument),
    argument.length,
    out,
    out2,
  );
  return status.toString() + (status == 0 ? given() : "");
}

/** What the host handed over. */
function given(): string {
  const length = load<u32>(out2);
  return (
    " [" + escape(textAt(load<u32>(out), length)) + "]" + (length == 0 && load<u32>(out) != 0 ? "!" : "")
  );
}

function clear(): void {
  store<u32>(out, 0);
  store<u32>(out2, 0);
  store<u32>(out3, 0);
}

function sections(id: u32): string {
  return scripts.has(id) ? scripts.get(id) : "";
}

/** Runs the script of `id` for a callback; answers what it says to return. */
function run(id: u32, callback: string, otherwise: i32 = 0): i32 {
  const script = sections(id);
  if (script == "") return otherwise;
  const key = id.toString() + callback;
  const count = (counts.has(key) ? counts.get(key) : 0) + 1;
  counts.set(key, count);
  const numbered = callback + "#" + count.toString();
  const list = script.split("|");
  answer = otherwise;
  for (let i = 0; i < list.length; i++) {
    const colon = list[i].indexOf(":");
    const name = list[i].substring(0, colon);
    if (name != callback && name != numbered) continue;
    const operations = list[i].substring(colon + 1).split(";");
    for (let k = 0; k < operations.length; k++) {
      const operation = operations[k];
      if (operation.startsWith("ret ")) answer = <i32>number(operation.substring(4));
      else if (operation == "trap") unreachable();
      else if (operation != "")
        logText(callback + " " + operation.substring(0, 400) + " = " + perform(id, operation.split(" ")));
    }
  }
  return answer;
}

function slot(name: string): u32 {
  const first = name.charCodeAt(0);
  if (first >= 48 && first <= 57) return number(name);
  return slots.has(name) ? slots.get(name) : 0;
}

function perform(id: u32, w: string[]): string {
  const op = w[0];
  clear();
  if (op == "get") {
    const name = unescape(w[2]);
    const status = proxy_get_header_map_value(number(w[1]), bytes(name), name.length, out, out2);
    return status.toString() + (status == 0 ? given() : "");
  }
  if (op == "pairs") {
    const status = proxy_get_header_map_pairs(number(w[1]), out, out2);
    if (status != 0 || load<u32>(out2) == 0) return status.toString() + " none";
    const ptr: usize = load<u32>(out);
    const count = load<u32>(ptr);
    let all = "";
    let at = ptr + 4 + 8 * count;
    for (let i: u32 = 0; i < count; i++) {
      const n = load<u32>(ptr + 4 + 8 * i);
      const v = load<u32>(ptr + 8 + 8 * i);
      const name = textAt(at, n);
      const value = textAt(at + n + 1, v);
      at += n + v + 2;
      const isScript =
        name.startsWith("x-script") ||
        name == "x-request-id" ||
        name == "date" ||
        name == "x-envoy-upstream-service-time";
      all += " " + escape(name) + "=" + (isScript ? "*" : escape(value));
    }
    return status.toString() + all;
  }
  if (op == "size") {
    const status = proxy_get_header_map_size(number(w[1]), out);
    return status.toString() + (status == 0 && w.length == 2 ? " " + load<u32>(out).toString() : "");
  }
  if (op == "add" || op == "rep") {
    const name = unescape(w[2]);
    const value = w.length > 3 ? unescape(w[3]) : "";
    const map = number(w[1]);
    const status =
      op == "add"
        ? proxy_add_header_map_value(map, bytes(name), name.length, bytes(value), value.length)
        : proxy_replace_header_map_value(map, bytes(name), name.length, bytes(value), value.length);
    return status.toString();
  }
  if (op == "rem") {
    const name = unescape(w[2]);
    return proxy_remove_header_map_value(number(w[1]), bytes(name), name.length).toString();
  }
  if (op == "setp") {
    const pairs = pairsOf(w.length > 2 ? w[2] : "");
    return proxy_set_header_map_pairs(number(w[1]), bytes(pairs), pairs.length).toString();
  }
  if (op == "setraw") {
    const pairs = w.length > 2 ? unescape(w[2]) : "";
    return proxy_set_header_map_pairs(number(w[1]), bytes(pairs), pairs.length).toString();
  }
  if (op == "bst") {
    store<u32>(out2, 77);
    const status = proxy_get_buffer_status(number(w[1]), out, out2);
    return (
      status.toString() +
      (status == 0 ? " " + load<u32>(out).toString() + " flags " + load<u32>(out2).toString() : "")
    );
  }
  if (op == "bget") {
    const status = proxy_get_buffer_bytes(number(w[1]), number(w[2]), number(w[3]), out, out2);
    return status.toString() + (status == 0 ? given() : "");
  }
  if (op == "bset") {
    const data = w.length > 4 ? unescape(w[4]) : "";
    return proxy_set_buffer_bytes(
      number(w[1]),
      number(w[2]),
      number(w[3]),
      bytes(data),
      data.length,
    ).toString();
  }
  if (op == "bfill") {
    const size = number(w[2]);
    const ptr = heap.alloc(size);
    memory.fill(ptr, 120, size);
    return proxy_set_buffer_bytes(number(w[1]), 0, 0, ptr, size).toString();
  }
  if (op == "cont") return proxy_continue_stream(number(w[1])).toString();
  if (op == "close") return proxy_close_stream(number(w[1])).toString();
  if (op == "local") {
    const details = w.length > 2 ? unescape(w[2]) : "";
    const body = w.length > 3 ? unescape(w[3]) : "";
    const headers = w.length > 4 ? pairsOf(w[4]) : "";
    const grpc = w.length > 5 ? number(w[5]) : -1;
    return proxy_send_local_response(
      number(w[1]),
      bytes(details),
      details.length,
      bytes(body),
      body.length,
      bytes(headers),
      headers.length,
      grpc,
    ).toString();
  }
  if (op == "eff") {
    let target: u32 = 0;
    if (w[1] == "stream") target = id;
    else if (w[1] == "root") target = roots.has(id) ? roots.get(id) : 1;
    else if (w[1] == "last") target = lastStream;
    else target = number(w[1]);
    return proxy_set_effective_context(target).toString();
  }
  if (op == "prop" || op == "propn") {
    const path = unescape(w[1].replaceAll("/", "%00"));
    const status = proxy_get_property(bytes(path), path.length, out, out2);
    if (status == 0 && op == "propn") return "0 size " + load<u32>(out2).toString();
    return status.toString() + (status == 0 ? given() : "");
  }
  if (op == "sprop") {
    const path = unescape(w[1].replaceAll("/", "%00"));
    const value = w.length > 2 ? unescape(w[2]) : "";
    return proxy_set_property(bytes(path), path.length, bytes(value), value.length).toString();
  }
  if (op == "sdget") {
    const key = unescape(w[1]);
    const status = proxy_get_shared_data(bytes(key), key.length, out, out2, out3);
    if (status == 0) lastCas = load<u32>(out3);
    return status.toString() + (status == 0 ? given() + (load<u32>(out3) > 0 ? " cas" : "") : "");
  }
  if (op == "sdset") {
    const key = unescape(w[1]);
    const value = w.length > 2 ? unescape(w[2]) : "";
    const cas = w.length < 4 ? 0 : w[3] == "last" ? lastCas : number(w[3]);
    return proxy_set_shared_data(bytes(key), key.length, bytes(value), value.length, cas).toString();
  }
  if (op == "qreg") {
    const name = unescape(w[1]);
    const status = proxy_register_shared_queue(bytes(name), name.length, out);
    slots.set(w[1], load<u32>(out));
    return status.toString();
  }
  if (op == "qres") {
    const vm = unescape(w[1]);
    const name = unescape(w[2]);
    const status = proxy_resolve_shared_queue(bytes(vm), vm.length, bytes(name), name.length, out);
    const same = slots.has(w[2]) && slots.get(w[2]) == load<u32>(out);
    return status.toString() + (status == 0 ? (same ? " same" : " other") : "");
  }
  if (op == "qenq") {
    const value = w.length > 2 ? unescape(w[2]) : "";
    return proxy_enqueue_shared_queue(slot(w[1]), bytes(value), value.length).toString();
  }
  if (op == "qdeq") {
    const status = proxy_dequeue_shared_queue(slot(w[1]), out, out2);
    return status.toString() + (status == 0 ? given() : "");
  }
  if (op == "mdef") {
    const name = unescape(w[2]);
    const status = proxy_define_metric(number(w[1]), bytes(name), name.length, out);
    slots.set(w.length > 3 ? w[3] : w[2], load<u32>(out));
    return status.toString() + " kind " + (load<u32>(out) & 3).toString();
  }
  if (op == "minc") return proxy_increment_metric(slot(w[1]), <i64>(<i32>number(w[2]))).toString();
  if (op == "mrec") return proxy_record_metric(slot(w[1]), <i64>(<i32>number(w[2]))).toString();
  if (op == "mget") {
    store<u64>(out, 0);
    const status = proxy_get_metric(slot(w[1]), out);
    return status.toString() + (status == 0 ? " " + load<i64>(out).toString() : "");
  }
  if (op == "http") {
    const cluster = unescape(w[1]);
    const headers = pairsOf(w[2]);
    const body = w.length > 3 ? unescape(w[3]) : "";
    const timeout = w.length > 4 ? number(w[4]) : 5000;
    const trailers = w.length > 5 ? pairsOf(w[5]) : "";
    const status = proxy_http_call(
      bytes(cluster),
      cluster.length,
      bytes(headers),
      headers.length,
      bytes(body),
      body.length,
      bytes(trailers),
      trailers.length,
      timeout,
      out,
    );
    const token = load<u32>(out);
    if (status == 0) waiting.set(token, id);
    lastToken = token;
    return status.toString() + (token == 0 ? " no token" : " kind " + (token & 3).toString());
  }
  if (op == "gcall" || op == "gstream") {
    let service = unescape(w[1]);
    if (w[1].startsWith("@")) {
      const name = unescape(w[1].substring(1));
      const length = String.fromCharCode(name.length);
      service = "\n" + String.fromCharCode(name.length + 2) + "\n" + length + name;
    }
    const metadata = w.length > 3 ? pairsOf(w[3]) : "";
    const message = w.length > 4 ? unescape(w[4]) : "";
    const timeout = w.length > 5 ? number(w[5]) : 5000;
    const name = "pkg.Service";
    const method = w[2];
    const status =
      op == "gcall"
        ? proxy_grpc_call(
            bytes(service),
            service.length,
            bytes(name),
            name.length,
            bytes(method),
            method.length,
            bytes(metadata),
            metadata.length,
            bytes(message),
            message.length,
            timeout,
            out,
          )
        : proxy_grpc_stream(
            bytes(service),
            service.length,
            bytes(name),
            name.length,
            bytes(method),
            method.length,
            bytes(metadata),
            metadata.length,
            out,
          );
    const token = load<u32>(out);
    if (status == 0) waiting.set(token, id);
    lastToken = token;
    return status.toString() + (token == 0 ? " no token" : " kind " + (token & 3).toString());
  }
  if (op == "gsend") {
    const message = unescape(w[2]);
    const token = w[1] == "last" ? lastToken : number(w[1]);
    return proxy_grpc_send(token, bytes(message), message.length, w.length > 3 ? 1 : 0).toString();
  }
  if (op == "gclose") return proxy_grpc_close(w[1] == "last" ? lastToken : number(w[1])).toString();
  if (op == "gcancel") return proxy_grpc_cancel(w[1] == "last" ? lastToken : number(w[1])).toString();
  if (op == "status") {
    const status = proxy_get_status(out3, out, out2);
    return status.toString() + " code " + load<u32>(out3).toString() + given();
  }
  if (op == "tick") return proxy_set_tick_period_milliseconds(number(w[1])).toString();
  if (op == "done") return proxy_done().toString();
  if (op == "time") {
    store<u64>(out, 0);
    const status = proxy_get_current_time_nanoseconds(out);
    return status.toString() + (load<u64>(out) > 1500000000000000000 ? " now" : " wrong");
  }
  if (op == "level") {
    const status = proxy_get_log_level(out);
    return status.toString();
  }
  if (op == "log") {
    const text = w.length > 2 ? unescape(w[2]) : "";
    return proxy_log(number(w[1]), bytes(text), text.length).toString();
  }
  if (op == "foreign") {
    const name = unescape(w[1]);
    const argument = w.length > 2 ? unescape(w[2]) : "";
    store<u32>(out2, 99);
    const status = proxy_call_foreign_function(
      bytes(name),
      name.length,
      bytes(argument),
      argument.length,
      out,
      out2,
    );
    return status.toString() + " size " + load<u32>(out2).toString();
  }
  if (op == "result") {
    const argument = w.length > 2 ? unescape(w[2]) : "";
    return foreign(unescape(w[1]), argument);
  }
  if (op == "cel") {
    const token = foreign("expr_create", unescape(w[1]));
    if (!token.startsWith("0 ")) return token;
    const value = foreign("expr_evaluate", textAt(load<u32>(out), 4));
    return token.substring(0, 1) + " " + value;
  }
  if (op == "alloc") {
    failAllocations = w[1] == "null";
    trapInAllocator = w[1] == "trap";
    return "0";
  }
  if (op == "bad") return bad(w[1]).toString();
  return "unknown operation";
}

/** Calls with addresses outside the memory. */
function bad(what: string): i32 {
  const far: usize = 0xfffffff0;
  const name = bytes("x-a");
  if (what == "log") return proxy_log(2, far, 100);
  if (what == "get-name") return proxy_get_header_map_value(0, far, 32, out, out2);
  if (what == "get-out") return proxy_get_header_map_value(0, bytes(":path"), 5, far, out2);
  if (what == "get-size") return proxy_get_header_map_value(0, bytes(":path"), 5, out, far);
  if (what == "pairs-out") return proxy_get_header_map_pairs(0, far, out2);
  if (what == "size-out") return proxy_get_header_map_size(0, far);
  if (what == "add-name") return proxy_add_header_map_value(0, far, 32, name, 3);
  if (what == "add-value") return proxy_add_header_map_value(0, name, 3, far, 32);
  if (what == "rep-value") return proxy_replace_header_map_value(0, name, 3, far, 32);
  if (what == "rem-name") return proxy_remove_header_map_value(0, far, 32);
  if (what == "setp") return proxy_set_header_map_pairs(0, far, 32);
  const end: usize = (memory.size() << 16) - 4;
  if (what == "near-log") return proxy_log(2, end, 100);
  if (what == "near-add") return proxy_add_header_map_value(0, name, 3, end, 5);
  if (what == "near-out") return proxy_get_current_time_nanoseconds(end);
  if (what == "near-fits") return proxy_add_header_map_value(0, name, 3, end, 0);
  if (what == "bst") return proxy_get_buffer_status(6, far, out);
  if (what == "bst-flags") return proxy_get_buffer_status(6, out, far);
  if (what == "prop-path") return proxy_get_property(far, 32, out, out2);
  if (what == "prop-out") return proxy_get_property(bytes("plugin_name"), 11, far, out2);
  if (what == "sprop-path") return proxy_set_property(far, 32, name, 3);
  if (what == "sprop-value") return proxy_set_property(name, 3, far, 32);
  if (what == "sdget") return proxy_get_shared_data(far, 32, out, out2, out3);
  if (what == "sdset") return proxy_set_shared_data(name, 3, far, 32, 0);
  if (what == "qreg") return proxy_register_shared_queue(far, 32, out);
  if (what == "mdef") return proxy_define_metric(0, far, 32, out);
  if (what == "time") return proxy_get_current_time_nanoseconds(far);
  if (what == "level") return proxy_get_log_level(far);
  if (what == "local-body") return proxy_send_local_response(200, name, 0, far, 32, name, 0, -1);
  if (what == "foreign") return proxy_call_foreign_function(far, 32, name, 0, out, out2);
  if (what == "http") return proxy_http_call(far, 32, name, 0, name, 0, name, 0, 100, out);
  if (what == "status") return proxy_get_status(far, out, out2);
  return -1;
}

// The callbacks

export function proxy_on_context_create(id: u32, parent: u32): void {
  if (parent != 0) {
    roots.set(id, parent);
    const script = sections(parent);
    if (script.includes("cc:")) {
      scripts.set(id, script);
      run(id, "cc");
      scripts.delete(id);
    }
    return;
  }
  clear();
  let configuration = "script";
  if (proxy_get_buffer_bytes(7, 0, 65536, out, out2) == 0 && load<u32>(out2) > 0)
    configuration = textAt(load<u32>(out), load<u32>(out2));
  const bar = configuration.indexOf("|");
  names.set(id, bar < 0 ? configuration : configuration.substring(0, bar));
  if (bar >= 0) scripts.set(id, configuration.substring(bar + 1));
  run(id, "create");
}

export function proxy_on_vm_start(id: u32, size: u32): i32 {
  return run(id, "vm", 1);
}

export function proxy_on_configure(id: u32, size: u32): i32 {
  return run(id, "cfg", 1);
}

export function proxy_on_tick(id: u32): void {
  run(id, "tick");
}

export function proxy_on_queue_ready(id: u32, queue: u32): void {
  slots.set("ready", queue);
  run(id, "qr");
}

export function proxy_on_request_headers(id: u32, count: u32, end: u32): i32 {
  clear();
  const root = roots.get(id);
  const name = "x-" + (names.has(root) ? names.get(root) : "script");
  if (proxy_get_header_map_value(0, bytes(name), name.length, out, out2) == 0) {
    scripts.set(id, textAt(load<u32>(out), load<u32>(out2)));
    lastStream = id;
  }
  return run(id, "qh");
}

export function proxy_on_request_body(id: u32, size: u32, end: u32): i32 {
  return run(id, end != 0 && sections(id).includes("qe:") ? "qe" : "qb");
}

export function proxy_on_request_trailers(id: u32, count: u32): i32 {
  return run(id, "qt");
}

export function proxy_on_response_headers(id: u32, count: u32, end: u32): i32 {
  return run(id, "rh");
}

export function proxy_on_response_body(id: u32, size: u32, end: u32): i32 {
  return run(id, end != 0 && sections(id).includes("re:") ? "re" : "rb");
}

export function proxy_on_response_trailers(id: u32, count: u32): i32 {
  return run(id, "rt");
}

export function proxy_on_http_call_response(
  root: u32,
  token: u32,
  headers: u32,
  body: u32,
  trailers: u32,
): void {
  if (waiting.has(token)) run(waiting.get(token), "hcr");
  else run(root, "hcr");
}

export function proxy_on_grpc_receive_initial_metadata(root: u32, token: u32, count: u32): void {
  if (waiting.has(token)) run(waiting.get(token), "gi");
}

export function proxy_on_grpc_receive(root: u32, token: u32, size: u32): void {
  if (waiting.has(token)) run(waiting.get(token), "gr");
}

export function proxy_on_grpc_receive_trailing_metadata(root: u32, token: u32, count: u32): void {
  if (waiting.has(token)) run(waiting.get(token), "gt");
}

export function proxy_on_grpc_close(root: u32, token: u32, status: u32): void {
  if (waiting.has(token)) run(waiting.get(token), "gc");
}

export function proxy_on_new_connection(id: u32): i32 {
  scripts.set(id, sections(roots.get(id)));
  return run(id, "nc");
}

export function proxy_on_downstream_data(id: u32, size: u32, end: u32): i32 {
  return run(id, "dd");
}

export function proxy_on_upstream_data(id: u32, size: u32, end: u32): i32 {
  return run(id, "ud");
}

export function proxy_on_downstream_connection_close(id: u32, type: u32): void {
  run(id, "dc");
}

export function proxy_on_upstream_connection_close(id: u32, type: u32): void {
  run(id, "uc");
}

export function proxy_on_log(id: u32): void {
  run(id, "log");
}

export function proxy_on_done(id: u32): i32 {
  return run(id, "done", 1);
}

export function proxy_on_delete(id: u32): void {
  run(id, "del");
  scripts.delete(id);
  roots.delete(id);
}
