import { formatHttpDate } from "../http/date";
import { isInSet, unitAt } from "../../memory/utf16";
import { isCookieName, isCookieValue } from "./syntax";

/** When a browser sends a cookie along with requests that another site causes. */
export enum SameSite {
  /** Not said; browsers take it for `Lax`. */
  Unset,
  /** Never. */
  Strict,
  /** When the user follows a link. */
  Lax,
  /** Always; the cookie must be `secure`. */
  None,
}

/** The reason why a cookie cannot be sent. */
export enum SetCookieError {
  /** Nothing: the cookie can be sent. */
  None,
  /** The name is no token. */
  Name,
  /** The value has white space, a quote, ",", ";", "\" or something beyond ASCII. */
  Value,
  /** The path does not begin with "/", or has a ";" or a control character. */
  Path,
  /** The domain has something other than letters, digits, "-" and ".". */
  Domain,
  /** The date is beyond the years 1601 to 9999. */
  Expires,
  /** `SameSite.None`, `partitioned` and the prefix "__Secure-" ask for `secure`. */
  Secure,
  /** The prefix "__Host-" asks for `secure`, the path "/" and no domain. */
  Host,
}

/** No age or date. */
const NEVER: i64 = i64.MIN_VALUE;
/** The first and the last second that a cookie's date can name. */
const FIRST: i64 = -11644473600;
const LAST: i64 = 253402300799;

/**
 * A header `set-cookie`. Browsers drop a cookie that breaks a rule without a word; `error` tells before. May be used
 * everywhere.
 *
 * @example
 * const cookie = new SetCookie("session", id);
 * cookie.path = "/";
 * cookie.maxAge = 3600;
 * cookie.secure = cookie.httpOnly = true;
 * cookie.sameSite = SameSite.Lax;
 * this.response.headers.add("set-cookie", cookie.toString());
 */
@final
export class SetCookie {
  /** The path to which the browser sends it: `""` is the folder of the request's path. */
  path: string = "";
  /** The host that it is sent to, with all hosts below: `""` is the request's host alone. */
  domain: string = "";
  /** After how many seconds it ends; at 0 or less at once, so that the browser deletes it. Not sent unless it is set. */
  maxAge: i64 = NEVER;
  /** When it ends, in seconds since 1970-01-01 UTC. Not sent unless it is set; `maxAge` wins. */
  expires: i64 = NEVER;
  /** Only over HTTPS. */
  secure: bool = false;
  /** Not for scripts. */
  httpOnly: bool = false;
  /** A jar of its own for each site that embeds this one. */
  partitioned: bool = false;
  /** Tells whether other sites' requests bring it along. */
  sameSite: SameSite = SameSite.Unset;

  constructor(
    /** The name, a token. */
    public name: string,
    /** The value, as it is sent. */
    public value: string,
  ) {}

  /** The reason why the cookie cannot be sent. */
  error(): SetCookieError {
    if (!isCookieName(this.name)) return SetCookieError.Name;
    if (!isCookieValue(this.value)) return SetCookieError.Value;
    if (this.path.length > 0 && (unitAt(this.path, 0) != 0x2f || !isPath(this.path)))
      return SetCookieError.Path;
    if (!isDomain(this.domain)) return SetCookieError.Domain;
    if (this.expires != NEVER && (this.expires < FIRST || this.expires > LAST)) return SetCookieError.Expires;
    if (
      !this.secure &&
      (this.sameSite == SameSite.None || this.partitioned || hasPrefix(this.name, "__secure-"))
    )
      return SetCookieError.Secure;
    if (hasPrefix(this.name, "__host-") && (!this.secure || this.path != "/" || this.domain.length > 0))
      return SetCookieError.Host;
    return SetCookieError.None;
  }

  /** The value for the header `set-cookie`; `""` when there is an `error`. */
  toString(): string {
    if (this.error() != SetCookieError.None) return "";
    let text = this.name + "=" + this.value;
    if (this.maxAge != NEVER) text += "; Max-Age=" + this.maxAge.toString();
    if (this.domain.length > 0) text += "; Domain=" + this.domain;
    if (this.path.length > 0) text += "; Path=" + this.path;
    if (this.expires != NEVER) text += "; Expires=" + formatHttpDate(this.expires);
    if (this.httpOnly) text += "; HttpOnly";
    if (this.secure) text += "; Secure";
    if (this.partitioned) text += "; Partitioned";
    if (this.sameSite == SameSite.Strict) text += "; SameSite=Strict";
    else if (this.sameSite == SameSite.Lax) text += "; SameSite=Lax";
    else if (this.sameSite == SameSite.None) text += "; SameSite=None";
    return text;
  }
}

/** Tells whether every unit is visible ASCII or a space, and no ";". */
function isPath(text: string): bool {
  for (let i = 0; i < text.length; i++) {
    const unit = unitAt(text, i);
    if (unit - 0x20 > 0x7e - 0x20 || unit == 0x3b) return false;
  }
  return true;
}

function isDomain(text: string): bool {
  for (let i = 0; i < text.length; i++) {
    if (!isInSet(unitAt(text, i), 0x03ff600000000000, 0x07fffffe07fffffe)) return false;
  }
  return true;
}

/** Tells whether `text` begins with `prefix`, which is in lower case, in any case: so browsers look at names. */
function hasPrefix(text: string, prefix: string): bool {
  if (text.length < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) {
    let unit = unitAt(text, i);
    if (unit - 0x41 < 26) unit |= 0x20;
    if (unit != unitAt(prefix, i)) return false;
  }
  return true;
}
