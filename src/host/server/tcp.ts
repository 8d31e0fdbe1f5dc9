import type { Socket } from "node:net";
import type { Host } from "../host.js";
import type { TcpStream } from "../tcp/stream.js";
import type { Run } from "./http1-cluster.js";

const empty = new Uint8Array(0);

/** Leads one connection of a client through the network filters; calls `onEnd` when it is over. */
export function serveTcp(host: Host, run: Run, socket: Socket, onEnd: () => void): void {
  let stream: TcpStream | undefined;
  let over = false;
  run(() => {
    stream = host.openConnection(
      {
        data: (bytes, endStream) => {
          if (bytes.length > 0 && !socket.write(bytes)) stream?.pauseUpstream(true);
          if (endStream) socket.end();
        },
        pause: (paused) => (paused ? socket.pause() : socket.resume()),
        closed: () => {
          over = true;
          socket.end();
          socket.destroySoon();
        },
      },
      {
        id: 0,
        sourceAddress: `${socket.remoteAddress ?? "127.0.0.1"}:${socket.remotePort ?? 0}`,
        destinationAddress: `${socket.localAddress ?? "127.0.0.1"}:${socket.localPort ?? 0}`,
      },
    );
  });
  socket.on("drain", () => run(() => stream?.pauseUpstream(false)));
  socket.on("data", (bytes: Buffer) => run(() => stream?.onData(new Uint8Array(bytes), false)));
  socket.on("end", () => run(() => stream?.onData(empty, true)));
  socket.on("close", () => {
    if (!over) run(() => stream?.onReset());
    onEnd();
  });
}
