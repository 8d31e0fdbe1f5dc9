/** An upstream that only remembers. */
import type { Cluster, UpstreamEvents } from "../../src/host/services/cluster.js";

export const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

/** Envoy's answer to a request whose connection is lost, up to the reason. */
export const lost = "upstream connect error or disconnect/reset before headers. reset reason: ";

/** An upstream; `sent` has all that came to it. */
export function upstream(http2 = false): {
  cluster: Cluster;
  sent: unknown[][];
  events: () => UpstreamEvents;
} {
  const sent: unknown[][] = [];
  let events: UpstreamEvents | undefined;
  const cluster: Cluster = {
    http2,
    open: (given) => {
      events = given;
      return {
        headers: (fields, end) =>
          sent.push(["headers", fields.map(([name, value]) => `${name}: ${value}`), end]),
        data: (bytes, end) => sent.push(["data", Buffer.from(bytes).toString("latin1"), end]),
        trailers: (fields) => sent.push(["trailers", fields.map(([name, value]) => `${name}: ${value}`)]),
        reset: () => sent.push(["reset"]),
      };
    },
  };
  return { cluster, sent, events: () => events! };
}
