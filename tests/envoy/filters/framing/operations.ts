// Operations on headers, as requests spell them: separated by ";", their parts by "|": the callback, the map, what to do, the name,
// the value ("%20" stands for a byte).
import { Body, CallResult, Context, Headers, Status, log } from "proxy-wasm-as";

/** A body that looks like a response. */
export const SPLIT = "HTTP/1.1 200 OK\r\nx-evil: 1\r\ncontent-length: 4\r\n\r\nEVIL";

/** A body that looks like a request. */
const SMUGGLED = "GET /evil HTTP/1.1\r\nhost: evil\r\nx-id: evil\r\n\r\n";

export class Operation {
  constructor(
    public where: string,
    public map: string,
    public verb: string,
    public name: string,
    public value: string,
  ) {}
}

/** What operations are done to. */
export class Messages {
  constructor(
    readonly context: Context,
    readonly request: Headers,
    readonly requestTrailers: Headers,
    readonly response: Headers,
    readonly responseTrailers: Headers,
    readonly body: Body | null = null,
  ) {}

  of(name: string): Headers {
    if (name == "request") return this.request;
    if (name == "request-trailers") return this.requestTrailers;
    return name == "response" ? this.response : this.responseTrailers;
  }
}

export function operationsOf(text: string): Operation[] {
  const all = text.split(";");
  const operations: Operation[] = [];
  for (let i = 0; i < all.length; i++) {
    const parts = all[i].split("|");
    operations.push(new Operation(parts[0], parts[1], parts[2], unescape(parts[3]), unescape(parts[4])));
  }
  return operations;
}

/** Whether something is to be done there. */
export function isThere(operations: Operation[], where: string): bool {
  return find(operations, where) !== null;
}

/** The first operation that is to be done there. */
export function find(operations: Operation[], where: string): Operation | null {
  for (let i = 0; i < operations.length; i++) if (operations[i].where == where) return operations[i];
  return null;
}

/** Does what is to be done there, and logs each status. */
export function run(operations: Operation[], where: string, messages: Messages): void {
  for (let i = 0; i < operations.length; i++) {
    const operation = operations[i];
    if (operation.where == where) log.info(perform(operation, messages).toString());
  }
}

/** "%0a" to the byte, as text that keeps every byte. */
function unescape(text: string): string {
  const parts = text.split("%");
  let result = parts[0];
  for (let i = 1; i < parts.length; i++) {
    const byte = <i32>parseInt(parts[i].substr(0, 2), 16);
    result += String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte) + parts[i].substr(2);
  }
  return result;
}

/** All headers of a map, with one that has another value, or one more. */
function changed(headers: Headers, name: string, value: string, more: bool): string[][] {
  const pairs = headers.entries();
  let found = false;
  for (let i = 0; i < pairs.length && !more; i++) {
    if (pairs[i][0] != name) continue;
    pairs[i][1] = value;
    found = true;
  }
  if (!found) pairs.push([name, value]);
  return pairs;
}

/** One header, and those by which the peers of the test tell messages. */
function only(headers: Headers, name: string, value: string): string[][] {
  const pairs = headers.pick(["x-id", "x-to", "x-up", "x-answer"]);
  pairs.push([name, value]);
  return pairs;
}

/** Sends a call with a header, a trailer or another part that is given. */
function call(context: Context, name: string, value: string): Status {
  const ignore = (result: CallResult): void => {};
  const id = ["x-id", "call"];
  const body = SMUGGLED;
  if (name == "method") return context.fetch("side", { method: value, headers: [id], body }, ignore);
  if (name == "path") return context.fetch("side", { path: value, headers: [id], body }, ignore);
  if (name == "authority") return context.fetch("side", { authority: value, headers: [id], body }, ignore);
  const pair = [name, value];
  context.fetch("side", { method: "POST", headers: [id], body, trailers: [pair] }, ignore);
  return context.fetch("side", { method: "POST", headers: [id, pair], body }, ignore);
}

function perform(operation: Operation, messages: Messages): Status {
  const verb = operation.verb;
  const name = operation.name;
  const value = operation.value;
  const body = messages.body;
  if (verb == "append" && body !== null) return body.append(value);
  if (verb == "call") return call(messages.context, name, value);
  const headers = messages.of(operation.map);
  if (verb == "set") return headers.set(name, value);
  if (verb == "add") return headers.add(name, value);
  if (verb == "remove") return headers.remove(name);
  if (verb == "replace") return headers.replaceAll(changed(headers, name, value, false));
  if (verb == "replace-more") return headers.replaceAll(changed(headers, name, value, true));
  if (verb == "replace-only") return headers.replaceAll(only(headers, name, value));
  return Status.Unimplemented;
}
