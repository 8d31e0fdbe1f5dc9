/** HTTP/2 frame by frame: Node's own has no METADATA (an extension of Envoy's, frame type 0x4d). */

export const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

export const END_STREAM = 1;
export const END_HEADERS = 4;

export const enum FrameType {
  Data = 0,
  Headers = 1,
  Reset = 3,
  Settings = 4,
  Ping = 6,
  WindowUpdate = 8,
  Metadata = 0x4d,
}

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A setting: each stream may be sent 2^31 - 1 bytes without asking. */
export const WINDOW = Buffer.from([0, 4, 0x7f, 0xff, 0xff, 0xff]);

/** And the connection about as many. */
export const openWindow = frame(FrameType.WindowUpdate, 0, 0, Buffer.from([0x7f, 0, 0, 0]));

/** A header block of literals without indexing; names and values are shorter than 127 bytes. */
export function headerBlock(pairs: readonly (readonly [name: string, value: string])[]): Buffer {
  const text = (value: string): Buffer => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
  return Buffer.concat(pairs.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));
}

/** Takes whole frames out of what has come; answers the rest. */
export function readFrames(bytes: Buffer, take: (frame: Frame) => void): Buffer {
  while (bytes.length >= 9) {
    const length = bytes.readUIntBE(0, 3);
    if (bytes.length < 9 + length) break;
    const payload = bytes.subarray(9, 9 + length);
    take({ type: bytes[3]!, flags: bytes[4]!, stream: bytes.readUInt32BE(5) & 0x7fffffff, payload });
    bytes = bytes.subarray(9 + length);
  }
  return bytes;
}
