import type { Pairs } from "./pairs.js";

/** Headers of which Envoy keeps one entry: what is added to it is appended, behind a comma. */
const inline = new Set(
  (
    ":authority :method :path :scheme :status :protocol accept accept-encoding authorization cache-control " +
    "connection content-encoding content-length content-type date etag expect expires grpc-accept-encoding " +
    "grpc-message grpc-status grpc-timeout if-match if-modified-since if-none-match if-range if-unmodified-since " +
    "keep-alive last-modified origin pragma proxy-connection proxy-status server te transfer-encoding upgrade " +
    "user-agent via x-b3-flags x-client-trace-id x-envoy-decorator-operation " +
    "x-envoy-downstream-service-cluster x-envoy-downstream-service-node x-envoy-expected-rq-timeout-ms " +
    "x-envoy-external-address x-envoy-force-trace x-envoy-internal x-envoy-max-retries x-envoy-original-path " +
    "x-envoy-retry-on x-envoy-upstream-rq-timeout-ms x-envoy-upstream-service-time x-forwarded-client-cert " +
    "x-forwarded-for x-forwarded-host x-forwarded-port x-forwarded-proto x-request-id"
  ).split(" "),
);

/** Headers or trailers in order, names in lower case. */
export class HeaderMap {
  private entries: Pairs = [];

  /** A map of these; what Envoy joins is joined. */
  static of(pairs: Iterable<readonly [name: string, value: string]>): HeaderMap {
    const map = new HeaderMap();
    for (const [name, value] of pairs) map.add(name, value);
    return map;
  }

  /** How many entries there are. */
  get size(): number {
    return this.entries.length;
  }

  /** The bytes of all names and values. */
  get byteSize(): number {
    let size = 0;
    for (const [name, value] of this.entries) size += name.length + value.length;
    return size;
  }

  /** The first value of a header. */
  get(name: string): string | undefined {
    const key = keyOf(name);
    for (const entry of this.entries) if (entry[0] === key) return entry[1];
    return undefined;
  }

  getAll(name: string): string[] {
    const key = keyOf(name);
    return this.entries.filter((entry) => entry[0] === key).map((entry) => entry[1]);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** Adds an entry; to the one that is there when Envoy keeps a single one of this name. */
  add(name: string, value: string): void {
    const key = keyOf(name);
    if (inline.has(key)) {
      for (const entry of this.entries) {
        if (entry[0] !== key) continue;
        if (value !== "") entry[1] = entry[1] === "" ? value : `${entry[1]},${value}`;
        return;
      }
    }
    this.append(key, value);
  }

  /** Removes all entries of this name and adds one at the end, as modules replace a value. */
  set(name: string, value: string): void {
    const key = keyOf(name);
    this.remove(key);
    this.append(key, value);
  }

  /** Changes the first entry of this name where it stands, or adds one, as Envoy itself sets a header. */
  put(name: string, value: string): void {
    const key = keyOf(name);
    const entry = this.entries.find((candidate) => candidate[0] === key);
    if (entry === undefined) this.append(key, value);
    else entry[1] = value;
  }

  remove(name: string): void {
    const key = keyOf(name);
    this.entries = this.entries.filter((entry) => entry[0] !== key);
  }

  clear(): void {
    this.entries = [];
  }

  /** The entries, in order; not a copy. */
  pairs(): Readonly<Pairs> {
    return this.entries;
  }

  copy(): HeaderMap {
    const map = new HeaderMap();
    map.entries = this.entries.map(([name, value]) => [name, value]);
    return map;
  }

  /** Pseudo-headers stand before all others. */
  private append(key: string, value: string): void {
    if (!key.startsWith(":")) {
      this.entries.push([key, value]);
      return;
    }
    let at = 0;
    while (at < this.entries.length && this.entries[at]![0].startsWith(":")) at++;
    this.entries.splice(at, 0, [key, value]);
  }
}

/** Envoy has one entry for `host` and `:authority`, under the latter name. */
function keyOf(name: string): string {
  const lower = lowerCase(name);
  return lower === "host" ? ":authority" : lower;
}

/** Lower case for A to Z only: the other bytes stay. */
function lowerCase(name: string): string {
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code >= 65 && code <= 90)
      return name.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));
  }
  return name;
}
