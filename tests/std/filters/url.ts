import {
  Query,
  RequestTarget,
  Url,
  isPathBelow,
  joinPath,
  normalizePath,
  pathErrorAt,
  percentDecode,
  percentEncode,
  percentErrorAt,
} from "../../../assembly/std/url";

export function encode(text: string): string {
  return percentEncode(text);
}

export function decode(text: string): string {
  return percentDecode(text);
}

export function decodeErrorAt(text: string): i32 {
  return percentErrorAt(text);
}

export function get(query: string, name: string): string | null {
  return new Query(query).get(name);
}

export function getAll(query: string, name: string): string[] {
  return new Query(query).getAll(name);
}

export function has(query: string, name: string): bool {
  return new Query(query).has(name);
}

/** Names and values, one after the other. */
export function entries(query: string): string[] {
  const flat: string[] = [];
  const pairs = new Query(query).entries();
  for (let i = 0; i < pairs.length; i++) {
    flat.push(pairs[i][0]);
    flat.push(pairs[i][1]);
  }
  return flat;
}

export function set(text: string, name: string, value: string): string {
  const query = new Query(text);
  query.set(name, value);
  return query.toString();
}

export function append(text: string, name: string, value: string): string {
  const query = new Query(text);
  query.append(name, value);
  return query.toString();
}

export function remove(text: string, name: string): string {
  const query = new Query(text);
  query.remove(name);
  return query.toString();
}

export function target(text: string): string {
  return new RequestTarget(text).toString();
}

export function targetPath(text: string): string {
  return new RequestTarget(text).path;
}

export function targetRemove(text: string, name: string): string {
  const target = new RequestTarget(text);
  target.query.remove(name);
  return target.toString();
}

export function normalize(path: string): string | null {
  return normalizePath(path);
}

export function normalizeErrorAt(path: string): i32 {
  return pathErrorAt(path);
}

export function join(base: string, rest: string): string | null {
  return joinPath(base, rest);
}

export function isBelow(path: string, parent: string): bool {
  return isPathBelow(path, parent);
}

export function urlErrorAt(text: string): i32 {
  return Url.errorAt(text);
}

/** Scheme, user info, host, port, path, query, fragment, and all of it again; null when it is no URL. */
export function url(text: string): Array<string | null> | null {
  const url = Url.parse(text);
  if (url === null) return null;
  return [
    url.scheme,
    url.userInfo,
    url.host,
    url.port.toString(),
    url.path,
    url.query,
    url.fragment,
    url.toString(),
  ];
}
