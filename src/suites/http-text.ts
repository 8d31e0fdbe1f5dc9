import type { HeaderList } from "./model.js";

/**
 * The headers that a serialised HTTP/1 message has, with pseudo-headers for its first line. A target in absolute form gives
 * `:scheme` and `:authority`, and `Host` is dropped; one in origin form gives no `:scheme`. Throws an Error that says what
 * is wrong.
 */
export function parseHttpText(text: string, kind: "request" | "response"): HeaderList {
  const [first = "", ...lines] = text.split(/\r?\n/);
  const headers = kind === "request" ? requestLine(first) : statusLine(first);
  for (const line of lines) {
    if (line === "") break;
    const parts = /^([^\s:]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (parts === null) throw new Error(`"${line}" is no header line`);
    const name = parts[1]!.toLowerCase();
    if (kind === "request" && name === "host") {
      if (!headers.some(([other]) => other === ":authority")) headers.push([":authority", parts[2]!]);
    } else headers.push([name, parts[2]!]);
  }
  return joinRepeated(headers);
}

function requestLine(line: string): [string, string][] {
  const parts = /^(\S+) (\S+) HTTP\/1\.[01]$/.exec(line);
  if (parts === null) throw new Error(`"${line}" is no request line, such as "GET /path HTTP/1.1"`);
  const [, method, target] = parts;
  const absolute = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]+)(.*)$/i.exec(target!);
  if (absolute === null)
    return [
      [":method", method!],
      [":path", target!],
    ];
  const [, scheme, authority, rest] = absolute;
  const path = rest === "" ? "/" : rest!.startsWith("/") ? rest! : `/${rest!}`;
  return [
    [":method", method!],
    [":scheme", scheme!.toLowerCase()],
    [":path", path],
    [":authority", authority!],
  ];
}

function statusLine(line: string): [string, string][] {
  const status = /^HTTP\/1\.[01] (\d{3})( .*)?$/.exec(line)?.[1];
  if (status === undefined) throw new Error(`"${line}" is no status line, such as "HTTP/1.1 200 OK"`);
  return [[":status", status]];
}

/** Names in lower case, each once, with the values of repeated ones joined in order. */
export function joinRepeated(headers: HeaderList): HeaderList {
  const joined = new Map<string, string>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const before = joined.get(key);
    joined.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return [...joined];
}
