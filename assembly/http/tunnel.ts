/**
 * Streams that become tunnels: WebSockets and other upgrades, and CONNECT. The data in a tunnel is no body: it has no end that a
 * filter could wait for, and a filter that holds it holds it for ever.
 *
 * @module
 */
import { Headers } from "./headers";

/** The kind of tunnel that a request asks for. */
export const enum Tunnel {
  None,
  /** `upgrade`, answered with 101. Envoy removes the header where it is not meant so. */
  Upgrade,
  /** The method CONNECT, answered with 200 to 299. */
  Connect,
}

/** The kind of tunnel that the request with these headers asks for. A request that announces a body is no upgrade. */
export function tunnelOf(headers: Headers): Tunnel {
  if (headers.equals(":method", "CONNECT")) return Tunnel.Connect;
  return headers.has("upgrade") && headers.decimal("content-length") == 0 ? Tunnel.Upgrade : Tunnel.None;
}

/** Tells whether the response with these headers opens what the request has asked for. */
export function isOpened(tunnel: Tunnel, headers: Headers): bool {
  if (tunnel == Tunnel.None) return false;
  const status = headers.decimal(":status");
  return status == 101 || (tunnel == Tunnel.Connect && status - 200 < 100);
}
