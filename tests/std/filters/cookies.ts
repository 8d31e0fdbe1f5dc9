import { Cookies, SetCookie } from "../../../assembly/std/cookies";

export function get(header: string, name: string): string | null {
  return new Cookies(header).get(name);
}

export function getAll(header: string, name: string): string[] {
  return new Cookies(header).getAll(name);
}

export function has(header: string, name: string): bool {
  return new Cookies(header).has(name);
}

/** Takes header lines separated by line feeds. */
export function getOfLines(lines: string, name: string): string | null {
  return Cookies.of(lines.split("\n")).get(name);
}

/** Null when the edit is refused. */
export function set(header: string, name: string, value: string): string | null {
  const cookies = new Cookies(header);
  if (cookies.set(name, value)) return cookies.toString();
  assert(cookies.toString() == header);
  return null;
}

export function remove(header: string, name: string): string {
  const cookies = new Cookies(header);
  cookies.remove(name);
  return cookies.toString();
}

let cookie: SetCookie = new SetCookie("", "");

export function begin(name: string, value: string): void {
  cookie = new SetCookie(name, value);
}

export function setPath(path: string): void {
  cookie.path = path;
}

export function setDomain(domain: string): void {
  cookie.domain = domain;
}

export function setMaxAge(maxAge: i64): void {
  cookie.maxAge = maxAge;
}

export function setExpires(expires: i64): void {
  cookie.expires = expires;
}

export function setFlags(secure: bool, httpOnly: bool, partitioned: bool, sameSite: i32): void {
  cookie.secure = secure;
  cookie.httpOnly = httpOnly;
  cookie.partitioned = partitioned;
  cookie.sameSite = sameSite;
}

export function format(): string {
  return cookie.toString();
}

export function error(): i32 {
  return cookie.error();
}
