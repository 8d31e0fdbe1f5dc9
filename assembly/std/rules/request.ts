/**
 * The parts of a request that rules compare.
 *
 * @module
 */
import { Headers } from "../../http/headers";
import { readProperty } from "../../services/property";
import { Authority } from "../url/authority";
import { normalizePath } from "../url/path";
import { percentDecode } from "../url/percent";

/** The path of a request's target in normal form and decoded; null when servers read it in different ways. */
export function readablePath(target: string): string | null {
  const query = target.indexOf("?");
  const normal = normalizePath(query < 0 ? target : target.substring(0, query));
  return normal === null ? null : percentDecode(normal);
}

/** The host of an authority, in lower case and without its port; null when it is none. */
export function readableHost(authority: string): string | null {
  const read = Authority.parse(authority);
  return read === null ? null : read.name;
}

/** A request. Each part is read when it is first asked for, as it costs a call of the host. */
@final
export class AskedRequest {
  private readHost: string | null = null;
  private readPath: string | null = null;
  private readMethod: string | null = null;
  private readRoute: string | null = null;

  constructor(readonly headers: Headers) {}

  /** `""` when there is none that can be read, as below. */
  get host(): string {
    let host = this.readHost;
    if (host === null) {
      const authority = this.headers.get(":authority");
      host = orEmpty(authority === null ? null : readableHost(authority));
      this.readHost = host;
    }
    return host;
  }

  get path(): string {
    let path = this.readPath;
    if (path === null) {
      const target = this.headers.get(":path");
      path = orEmpty(target === null ? null : readablePath(target));
      this.readPath = path;
    }
    return path;
  }

  get method(): string {
    let method = this.readMethod;
    if (method === null) {
      method = orEmpty(this.headers.get(":method"));
      this.readMethod = method;
    }
    return method;
  }

  get route(): string {
    let route = this.readRoute;
    if (route === null) {
      route = orEmpty(readProperty("xds\0route_name"));
      this.readRoute = route;
    }
    return route;
  }
}

function orEmpty(text: string | null): string {
  return text === null ? "" : text;
}
