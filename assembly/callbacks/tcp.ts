/**
 * The callbacks for TCP connections.
 *
 * @module
 */
import { CloseType, StreamType } from "../abi/enums";
import { proxy_close_stream } from "../abi/imports";
import { takeFailed } from "../context/failed";
import { tcpContextById } from "../context/by-id";
import { TcpContext } from "../context/tcp-context";
import { Phase, begin, enter, leave } from "../runtime/current-callback";

/** The connection that a callback is for; null when it is not ours. */
function enterConnection(id: u32, phase: Phase): TcpContext | null {
  enter(id, phase);
  const connection = tcpContextById(id);
  if (connection === null) {
    unseen = 0;
    if (takeFailed(id)) {
      proxy_close_stream(StreamType.Downstream);
      unseen = 1;
    }
    leave();
  } else begin(connection);
  return connection;
}

/** The answer for a connection without a context; see http.ts. */
let unseen: i32 = 0;

function end(answer: i32): i32 {
  leave();
  return answer;
}

export function proxy_on_new_connection(id: u32): i32 {
  const connection = enterConnection(id, Phase.Connection);
  return connection === null ? unseen : end(connection.onNewConnection());
}

export function proxy_on_downstream_data(id: u32, size: u32, endOfStream: i32): i32 {
  const connection = enterConnection(id, Phase.DownstreamData);
  return connection === null ? unseen : end(connection.onDownstreamData(size, endOfStream != 0));
}

export function proxy_on_upstream_data(id: u32, size: u32, endOfStream: i32): i32 {
  const connection = enterConnection(id, Phase.UpstreamData);
  return connection === null ? unseen : end(connection.onUpstreamData(size, endOfStream != 0));
}

export function proxy_on_downstream_connection_close(id: u32, closeType: u32): void {
  const connection = enterConnection(id, Phase.Connection);
  if (connection === null) return;
  connection.onDownstreamClose(<CloseType>closeType);
  leave();
}

export function proxy_on_upstream_connection_close(id: u32, closeType: u32): void {
  const connection = enterConnection(id, Phase.Connection);
  if (connection === null) return;
  connection.onUpstreamClose(<CloseType>closeType);
  leave();
}
