// Reads what a collector is sent (OTLP, opentelemetry/proto/trace/v1/trace.proto) without a library.

/** The fields of a protobuf message, as `[number, value]`. */
function* fields(bytes) {
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const type = tag & 7;
    let value;
    if (type === 0) value = varint();
    else if (type === 1) value = bytes.readBigUInt64LE((at += 8) - 8);
    else if (type === 2) {
      const size = Number(varint());
      value = bytes.subarray(at, (at += size));
    } else throw new Error(`field ${tag >> 3} of type ${type}`);
    yield [tag >> 3, value];
  }
}

const all = (bytes, number) =>
  [...fields(bytes)].filter(([field]) => field === number).map(([, value]) => value);

function readSpan(bytes) {
  const one = (number) => all(bytes, number)[0];
  const attributes = {};
  for (const pair of all(bytes, 9)) {
    const [kind, value] = [...fields(all(pair, 2)[0])][0];
    attributes[all(pair, 1)[0]] = kind === 1 ? value.toString() : kind === 3 ? Number(value) : value === 1n;
  }
  const [status] = all(bytes, 15);
  return {
    traceId: one(1).toString("hex"),
    spanId: one(2).toString("hex"),
    parent: one(4)?.toString("hex"),
    name: one(5).toString(),
    kind: Number(one(6)),
    nanoseconds: Number(one(8) - one(7)),
    attributes,
    failed: status !== undefined && all(status, 3)[0] === 2n,
  };
}

/** The spans of a request to a collector. */
export function readSpans(body) {
  return all(body, 1)
    .flatMap((resource) => all(resource, 2))
    .flatMap((scope) => all(scope, 2))
    .map(readSpan);
}
