// Calls of what messages consist of.
import { Body, Headers } from "proxy-wasm-as";
import { Random, names } from "./random";

/** A call of headers, trailers or metadata. */
export function callHeaders(caller: Random, headers: Headers): void {
  const name = caller.pick(names);
  switch (caller.random(14)) {
    case 11:
      headers.startsWith(name, caller.value());
      break;
    case 12:
      headers.includes(name, caller.value());
      break;
    case 13:
      headers.pick([name, caller.pick(names)]);
      break;
    case 0:
      headers.get(name);
      break;
    case 1:
      headers.getAll(name);
      break;
    case 2:
      headers.getBytes(name);
      break;
    case 3:
      headers.has(name);
      break;
    case 4:
      headers.equals(name, caller.value());
      break;
    case 5:
      headers.set(name, caller.value());
      break;
    case 6:
      headers.add(name, caller.value());
      break;
    case 7:
      headers.remove(name);
      break;
    case 8:
      headers.entries();
      break;
    case 9:
      headers.replaceAll(caller.pairs());
      break;
    default:
      headers.byteLength;
  }
}

/** A call of a body. */
export function callBody(caller: Random, body: Body): void {
  const start = caller.random(3) == 0 ? caller.random(0xffffffff) : caller.random(20);
  const length = caller.random(3) == 0 ? caller.random(0xffffffff) : caller.random(20);
  switch (caller.random(14)) {
    case 12:
      body.appendBytes(caller.bytes());
      break;
    case 13:
      body.prependBytes(caller.bytes());
      break;
    case 0:
      body.size;
      break;
    case 1:
      body.text();
      break;
    case 2:
      body.bytes();
      break;
    case 3:
      body.slice(start, length);
      break;
    case 4:
      body.sliceBytes(start, length);
      break;
    case 5:
      body.set(caller.value());
      break;
    case 6:
      body.setBytes(caller.bytes());
      break;
    case 7:
      body.append(caller.value());
      break;
    case 8:
      body.prepend(caller.value());
      break;
    case 9:
      body.splice(start, length, caller.value());
      break;
    case 10:
      body.spliceBytes(start, length, caller.bytes());
      break;
    default:
      body.clear();
  }
}
