/**
 * What the host calls for TCP connections.
 *
 * @module
 */
import { CloseType } from "../abi/enums";
import { findTcp } from "../context/table";
import { TcpContext } from "../context/tcp-context";
import { Phase, begin, enter, leave } from "../runtime/call";

/** The connection that a callback is for; null when it is not ours. */
function find(id: u32, phase: Phase): TcpContext | null {
  enter(id, phase);
  const connection = findTcp(id);
  if (connection === null) leave();
  else begin(connection);
  return connection;
}

function end(answer: i32): i32 {
  leave();
  return answer;
}

export function proxy_on_new_connection(id: u32): i32 {
  const connection = find(id, Phase.Connection);
  return connection === null ? 0 : end(connection.onNewConnection());
}

export function proxy_on_downstream_data(id: u32, size: u32, endOfStream: i32): i32 {
  const connection = find(id, Phase.DownstreamData);
  return connection === null ? 0 : end(connection.onDownstreamData(size, endOfStream != 0));
}

export function proxy_on_upstream_data(id: u32, size: u32, endOfStream: i32): i32 {
  const connection = find(id, Phase.UpstreamData);
  return connection === null ? 0 : end(connection.onUpstreamData(size, endOfStream != 0));
}

export function proxy_on_downstream_connection_close(id: u32, closeType: u32): void {
  const connection = find(id, Phase.Connection);
  if (connection === null) return;
  connection.onDownstreamClose(<CloseType>closeType);
  leave();
}

export function proxy_on_upstream_connection_close(id: u32, closeType: u32): void {
  const connection = find(id, Phase.Connection);
  if (connection === null) return;
  connection.onUpstreamClose(<CloseType>closeType);
  leave();
}
