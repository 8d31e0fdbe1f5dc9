import { lowerCase } from "../../memory/utf16";
import { hostEndAt, portAt } from "./host";

/**
 * The host and port of `:authority` or `host`. May be used everywhere.
 *
 * @example
 * const authority = Authority.parse(this.request.headers.get(":authority")!);
 * if (authority === null || authority.host != "example.com") return this.respond(421);
 */
@final
export class Authority {
  constructor(
    /** A name, an IPv4 address, or an IPv6 address in brackets; in lower case. */
    readonly host: string,
    /** From 0 to 65535; -1 when there is none. */
    readonly port: i32,
  ) {}

  /** Reads `host`, `host:port` or `[address]:port`, as strictly as `Url` does; null for everything else, also user names. */
  static parse(text: string): Authority | null {
    const length = text.length;
    const end = hostEndAt(text, 0, length);
    if (end < 0) return null;
    const port = portAt(text, end, length);
    return port < -1 ? null : new Authority(lowerCase(text, 0, end), port);
  }

  /** The host without a dot behind it, which means the same; rules compare this. */
  get name(): string {
    const host = this.host;
    return host.endsWith(".") ? host.substring(0, host.length - 1) : host;
  }
}
