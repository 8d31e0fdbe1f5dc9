/** The failures of a request, as bits of the property `response.flags`; and the gRPC status of a response that has none. */
import type { ResetReason } from "./cluster.js";

/** Envoy's response flags that this host can come to. */
export const ResponseFlag = {
  NoHealthyUpstream: 1 << 1,
  UpstreamTimeout: 1 << 2,
  UpstreamReset: 1 << 4,
  UpstreamConnectionFailure: 1 << 5,
  UpstreamConnectionTermination: 1 << 6,
  NoRoute: 1 << 8,
  ClientGone: 1 << 14,
  RetriesOver: 1 << 15,
  InvalidRequest: 1 << 18,
  UpstreamProtocolError: 1 << 23,
  NoCluster: 1 << 24,
} as const;

const ofReset: Record<ResetReason, number> = {
  "remote connection failure": ResponseFlag.UpstreamConnectionFailure,
  "connection termination": ResponseFlag.UpstreamConnectionTermination,
  "remote reset": ResponseFlag.UpstreamReset,
  "remote refused stream reset": ResponseFlag.UpstreamReset,
  "remote error with CONNECT request": ResponseFlag.UpstreamReset,
  "protocol error": ResponseFlag.UpstreamProtocolError,
};

/** The flag of a request whose upstream was lost. */
export const flagOfReset = (reason: ResetReason): number => ofReset[reason];

/** The status of what Envoy's router answers then, before there was a response. */
export const statusOfReset = (reason: ResetReason): number => (reason === "protocol error" ? 502 : 503);
