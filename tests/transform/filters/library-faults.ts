import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** A number as the key of a Map and in a Set: how often it is found, and how many there are. */
function keys(number: f64): string {
  const map = new Map<f64, i32>();
  for (let i = 0; i < 9; i++) map.set(number * (i % 2 ? -1 : 1), i);
  const set = new Set<f64>();
  for (let i = 0; i < 9; i++) set.add(number * (i % 2 ? -1 : 1));
  const value = map.has(number) ? map.get(number) : -1;
  const isGone = map.delete(number) && !map.has(number) && set.delete(number) && !set.has(number);
  return `${value} ${map.size} ${set.size} ${isGone}`;
}

/** Where a part is in a text, by each method that says so, from a place on or up to one. */
function search(text: string, part: string, place: string): string {
  const at = <i32>parseInt(place);
  const found = [
    text.indexOf(part, at),
    text.lastIndexOf(part, at),
    text.indexOf(part),
    text.lastIndexOf(part),
  ];
  const tells = [
    text.includes(part),
    text.includes(part, at),
    text.startsWith(part),
    text.startsWith(part, at),
    text.endsWith(part),
    text.endsWith(part, at),
    text == part,
    text.concat("") == text,
  ];
  return found.join(" ") + " " + tells.join(" ") + " " + text.split(part).length.toString();
}

/** A text in lower and in upper case. */
function turn(text: string): string {
  return text.toLowerCase() + "," + text.toUpperCase();
}

/** What `fill` and `copyWithin` make of a range, and what lies before it, which has to be whole. */
function ranges(from: i32, to: i32): string {
  const before = new StaticArray<u8>(64);
  const list = new Array<f64>();
  list.push(1);
  list.push(2);
  list.push(3);
  const bytes = new Uint8Array(3);
  bytes[0] = 8;
  const fixed = new StaticArray<i32>(3);
  fixed[2] = 4;
  let isWhole = true;
  const told = [
    list
      .slice(0)
      .fill(7, from, to)
      .map<string>((n) => (<i32>n).toString())
      .join(""),
    list
      .slice(0)
      .copyWithin(from, to)
      .map<string>((n) => (<i32>n).toString())
      .join(""),
    list
      .copyWithin(0, from, to)
      .map<string>((n) => (<i32>n).toString())
      .join(""),
    bytes.fill(9, from, to).join(""),
    bytes.copyWithin(from, to).join(""),
    fixed.fill(6, from, to).join(""),
    fixed.copyWithin(0, from, to).join(""),
  ];
  for (let i = 0; i < before.length; i++) isWhole = isWhole && before[i] == 0;
  return told.join(" ") + " " + isWhole.toString();
}

/** What views of eight bytes say of two numbers that a stranger chooses. */
function views(verb: string, one: i32, other: i32): string {
  const bytes = new Uint8Array(8);
  for (let i = 0; i < 8; i++) bytes[i] = <u8>(i + 1);
  const words = Uint32Array.wrap(bytes.buffer);
  const view = new DataView(bytes.buffer);
  if (verb == "wrap8") return Uint8Array.wrap(bytes.buffer, one, other).join("");
  if (verb == "wrap32") return Uint32Array.wrap(bytes.buffer, one, other).length.toString();
  if (verb == "view") return new DataView(bytes.buffer, one, other).byteLength.toString();
  if (verb == "get")
    return `${view.getUint16(one)} ${view.getInt32(one)} ${view.getInt64(one)} ${view.getFloat32(one)}`;
  if (verb == "set") {
    view.setUint16(one, 7);
    view.setFloat64(one, 1);
  } else if (verb == "set8") bytes.set([9, 9], one);
  else words.set([9], one);
  return bytes.join("");
}

/** The whole number in a text, by radix 0, 10 and 16, and as an `i32`. */
function integer(text: string): string {
  const numbers = [parseInt(text), parseInt(text, 10), parseInt(text, 16)];
  return (
    numbers.map<string>((n) => (isNaN(n) ? "NaN" : (<i64>n).toString())).join(" ") +
    " " +
    I32.parseInt(text).toString()
  );
}

/** Answers what a method of a text answers, and a text that was made before, which has to be whole. */
class LibraryFaults extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const words = this.request.headers.get("x-words")!.split(",");
    const text = words[1];
    const neighbour = text + "?";
    let made = "";
    if (words[0] == "replaceAll") made = text.replaceAll(words[2], words[3]);
    else if (words[0] == "padStart") made = text.padStart(<i32>parseInt(words[2]), words[3]);
    else if (words[0] == "padEnd") made = text.padEnd(<i32>parseInt(words[2]), words[3]);
    else if (words[0] == "search")
      made = search(decodeURIComponent(text), decodeURIComponent(words[2]), words[3]);
    else if (words[0] == "case") made = turn(decodeURIComponent(text));
    else if (words[0] == "ranges") made = ranges(I32.parseInt(words[2]), I32.parseInt(words[3]));
    else if (words[0] == "substr")
      made =
        text.substr(I32.parseInt(words[2]), I32.parseInt(words[3])) +
        "." +
        text.substr(I32.parseInt(words[2]));
    else if (words[0] == "views") made = views(text, I32.parseInt(words[2]), I32.parseInt(words[3]));
    else if (words[0] == "trim") made = "[" + decodeURIComponent(text).trim() + "]";
    else if (words[0] == "integer") made = integer(decodeURIComponent(text));
    else if (words[0] == "keys") made = keys(parseFloat(text));
    else made = "a".repeat(1 << 16).replaceAll("", "x".repeat(1 << 15));
    const after = neighbour + "!";
    return this.respond(200, made + "," + after);
  }
}

registerHttpFilter<LibraryFaults>();
