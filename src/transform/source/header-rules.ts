/**
 * Which names and values of headers a filter may write; the module has the same rules for what it is given while it runs
 * (`http/header-pseudo.ts`, `memory/field-syntax.ts`).
 *
 * @module
 */
import type { MessageMap } from "./header-maps.js";

/** Token characters (RFC 9110, section 5.6.2). */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Headers that say where the message ends, or that are about the connection. The host itself sets them. */
const OWN = /^(content-length|transfer-encoding|connection|upgrade|te|expect|keep-alive|proxy-connection)$/;

/** Names whose removal the module looks at: some stay, others let the body change its length. */
const LOOKED_AT = /^(content-length|transfer-encoding|connection|upgrade|host|x-forwarded-proto)$/;

/** No control character but tab; the others may stand in a text in any form. */
const VALUE = /^[^\0-\x08\x0a-\x1f\x7f]*$/;

export const isToken = (name: string): boolean => TOKEN.test(name);
export const isOwn = (name: string): boolean => OWN.test(name);
export const isValue = (value: string): boolean => VALUE.test(value);
export const isRemovable = (name: string): boolean => TOKEN.test(name) && !LOOKED_AT.test(name);

/** The rules for a pseudo-header. */
interface PseudoHeader {
  /** The message that has it. */
  readonly map: MessageMap;
  /** The flag that makes the module look at it. */
  readonly check: string;
  /** Tells whether it may have the value in every message. */
  isGood(value: string): boolean;
  /** Tells whether it may have the value in some. */
  isPossible(value: string): boolean;
  /** Tells whether a response with this status has a body. */
  hasBody(value: string): boolean;
  /** The rule in words, for messages. */
  readonly rule: string;
}

const never = (): boolean => false;
const path = /^\/[^\0-\x20\x7f]*$/;
const authority = /^[!$&'()*+,;=\-._~%:[\]0-9A-Za-z]+$/;

const host: PseudoHeader = {
  map: "request",
  check: "AUTHORITY",
  isGood: (value) => authority.test(value),
  isPossible: (value) => authority.test(value),
  hasBody: never,
  rule: "a host, and a port if need be",
};

/** By name; `host` is another name of `:authority`. */
export const pseudoHeaders: ReadonlyMap<string, PseudoHeader> = new Map([
  [
    ":path",
    {
      map: "request",
      check: "PATH",
      isGood: (value) => path.test(value),
      isPossible: (value) => path.test(value),
      hasBody: never,
      rule: 'a path that begins with "/" and has no spaces: encode what is put into it',
    },
  ],
  [":authority", host],
  ["host", host],
  [
    ":method",
    {
      map: "request",
      check: "METHOD",
      isGood: never, // HEAD and CONNECT must stay, and must not be made
      isPossible: (value) => TOKEN.test(value),
      hasBody: never,
      rule: "a method, of token characters",
    },
  ],
  [
    ":scheme",
    {
      map: "request",
      check: "SCHEME",
      isGood: (value) => /^https?$/.test(value),
      isPossible: (value) => /^https?$/.test(value),
      hasBody: never,
      rule: "http or https",
    },
  ],
  [
    ":status",
    {
      map: "response",
      check: "STATUS",
      isGood: never, // the one that is there decides, too
      isPossible: (value) => /^[2-5]\d\d$/.test(value),
      hasBody: (value) => /^[2-5]\d\d$/.test(value) && !/^(204|205|304)$/.test(value),
      rule: "a number from 200 to 599",
    },
  ],
]);

const messages: Readonly<Record<MessageMap, string>> = {
  request: "a request",
  response: "a response",
  trailers: "trailers",
};

/** Why writing the header `name`, in lower case, is refused in every message of this kind; undefined when it is not. */
export function whyNeverWritten(
  map: MessageMap,
  method: "set" | "add",
  name: string,
  value: string | undefined,
): string | undefined {
  if (value !== undefined && !isValue(value))
    return `the value for "${name}" has a control character, which would break the message apart; leave it out.`;
  const rule = pseudoHeaders.get(name);
  const isHere = rule?.map === map;
  if (rule !== undefined && isHere) {
    if (method === "add") return `${messages[map]} has one "${name}"; set it.`;
    if (value !== undefined && !rule.isPossible(value))
      return `"${name}" cannot be ${JSON.stringify(value)}; give it ${rule.rule}.`;
    return undefined;
  }
  if (name.startsWith(":")) {
    const others = [...pseudoHeaders].filter(([other, { map: at }]) => at === map && other !== "host");
    const names = others.map(([other]) => `"${other}"`).join(", ");
    return `${messages[map]} cannot have "${name}"; ${names === "" ? "write it among the headers" : `use ${names}, or a name without ":"`}.`;
  }
  if (!isToken(name))
    return `"${name}" is no header name (RFC 9110, section 5.1); use letters, digits and "-".`;
  return undefined;
}

/** Why removing the header `name` is refused in every message of this kind; undefined when it is not. */
export function whyNeverRemoved(map: MessageMap, name: string): string | undefined {
  const needed = map === "request" && /^(x-forwarded-proto|host)$/.test(name);
  if (!needed && !(name.startsWith(":") && map !== "trailers")) return undefined;
  return `"${name}" cannot be removed, because the host needs it to handle the message; set it instead.`;
}
