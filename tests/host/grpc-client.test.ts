/** gRPC of filters: what goes out, what is told of each answer, and how a stream ends. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderMap } from "../../src/host/abi/header-map.js";
import type { Pairs } from "../../src/host/abi/pairs.js";
import { rulesOf } from "../../src/host/envoy-rules.js";
import type { ResetReason, UpstreamEvents } from "../../src/host/services/cluster.js";
import { GrpcStream } from "../../src/host/services/grpc-client.js";
import type { GrpcRequest } from "../../src/host/services/grpc-client.js";
import { VirtualLoop } from "../../src/host/vm/loop.js";
import { lost, upstream, utf8 } from "./remembering.js";

const none = new HeaderMap();

interface Streaming {
  readonly loop: VirtualLoop;
  readonly stream: GrpcStream;
  readonly sent: unknown[][];
  readonly events: () => UpstreamEvents;
  readonly told: unknown[];
}

function grpc(
  request: Partial<GrpcRequest> = {},
  hasCluster = true,
  onTold?: (what: string, s: GrpcStream) => void,
): Streaming {
  const loop = new VirtualLoop(0);
  const { cluster, sent, events } = upstream(true);
  const told: unknown[] = [];
  const note = (what: string, ...rest: unknown[]): void => {
    told.push([what, ...rest]);
    onTold?.(what, stream);
  };
  const stream: GrpcStream = new GrpcStream(
    { loop, rules: rulesOf() },
    hasCluster ? cluster : undefined,
    { clusterName: "c", service: "s.S", method: "M", metadata: none, ...request },
    {
      initialMetadata: (metadata) => note("initial", metadata.pairs()),
      message: (bytes) => note("message", Buffer.from(bytes).toString()),
      trailingMetadata: (metadata) => note("trailing", metadata.pairs()),
      close: (status, message) => note("close", status, message),
    },
  );
  return { loop, stream, sent, events, told };
}

const grpcLines = (authority = "c"): string[] => [
  ...[":method: POST", ":path: /s.S/M", `:authority: ${authority}`, ":scheme: http", "te: trailers"],
  "x-envoy-internal: true",
];
const frame = (text: string, flags = 0): Uint8Array =>
  utf8(`${String.fromCharCode(flags, 0, 0, 0, text.length)}${text}`);
const fine: Pairs = [
  [":status", "200"],
  ["x-envoy-upstream-service-time", "0"],
];

test("gRPC: what goes out, in order, also what was sent before the stream was open", () => {
  const plain = grpc();
  plain.stream.send(utf8("one"), false);
  assert.deepEqual(plain.sent, []);
  plain.loop.run();
  plain.stream.send(utf8(""), false);
  plain.stream.close();
  plain.stream.close();
  plain.stream.send(utf8("late"), true);
  assert.deepEqual(plain.sent, [
    ["headers", [...grpcLines(), "content-type: application/grpc"], false],
    ["data", "\0\0\0\0\x03one", false],
    ["data", "\0\0\0\0\0", false],
    ["data", "", true],
  ]);
  const metadata = HeaderMap.of([
    ["x-a", "1"],
    ["x-bin", "\xff\0"],
  ]);
  const timed = grpc({ timeout: 50, authority: "a", metadata });
  timed.stream.send(utf8("one"), true);
  timed.stream.close();
  timed.loop.run();
  const more = ["x-envoy-expected-rq-timeout-ms: 50", "grpc-timeout: 50m", "content-type: application/grpc"];
  assert.deepEqual(timed.sent, [
    ["headers", [...grpcLines("a"), ...more, "x-a: 1", "x-bin: /wA"], false],
    ["data", "\0\0\0\0\x03one", true],
  ]);
  const shortest = grpc({ timeout: 1 });
  shortest.loop.run();
  assert.ok((shortest.sent[0]![1] as string[]).includes("x-envoy-expected-rq-timeout-ms: 1"));
  const endless = grpc({ timeout: 0 });
  endless.loop.run();
  assert.deepEqual(endless.sent, [
    ["headers", [...grpcLines(), "grpc-timeout: 0m", "content-type: application/grpc"], false],
  ]);
});

/** What the upstream does, and what is told. */
const exchanges: readonly (readonly [
  what: string,
  act: (events: UpstreamEvents) => void,
  told: unknown[],
  isCut?: true,
])[] = [
  [
    "two messages in three pieces, and a status",
    (events) => {
      events.headers([[":status", "200"]], false);
      const bytes = Buffer.concat([frame("ab"), frame("c")]);
      for (const [from, to] of [
        [0, 3],
        [3, 9],
        [9, 13],
      ] as const)
        events.data(bytes.subarray(from, to), false);
      events.trailers([["grpc-status", "0"]]);
    },
    [
      ["initial", fine],
      ["message", "ab"],
      ["message", "c"],
      ["trailing", [["grpc-status", "0"]]],
      ["close", 0, "via_upstream"],
    ],
  ],
  [
    "a status with a message",
    (events) => {
      events.headers([[":status", "200"]], false);
      events.trailers([
        ["grpc-status", "16"],
        ["grpc-message", "no"],
      ]);
    },
    [
      ["initial", fine],
      [
        "trailing",
        [
          ["grpc-status", "16"],
          ["grpc-message", "no"],
        ],
      ],
      ["close", 16, "no{via_upstream}"],
    ],
  ],
  ...(
    [
      ["17", 0xffffffff],
      ["x", 0xffffffff],
      ["-1", 0xffffffff],
      [undefined, 2],
    ] as const
  ).map(([text, status]): [string, (events: UpstreamEvents) => void, unknown[]] => {
    const trailers: Pairs = text === undefined ? [] : [["grpc-status", text]];
    return [
      `the status ${text}`,
      (events) => {
        events.headers([[":status", "200"]], false);
        events.trailers(trailers);
      },
      [
        ["initial", fine],
        ["trailing", trailers],
        ["close", status, "via_upstream"],
      ],
    ];
  }),
  [
    "headers alone, with a status",
    (events) =>
      events.headers(
        [
          [":status", "200"],
          ["grpc-status", "5"],
        ],
        true,
      ),
    [
      ["initial", []],
      ["trailing", [[":status", "200"], ["grpc-status", "5"], fine[1]]],
      ["close", 5, "via_upstream"],
    ],
  ],
  [
    "headers alone, without a status",
    (events) => events.headers([[":status", "200"]], true),
    [
      ["initial", []],
      ["trailing", fine],
      ["close", 2, "via_upstream"],
    ],
  ],
  [
    "headers alone, of another status of HTTP, with one of gRPC",
    (events) =>
      events.headers(
        [
          [":status", "503"],
          ["grpc-status", "5"],
        ],
        true,
      ),
    [
      ["initial", []],
      ["trailing", [[":status", "503"], ["grpc-status", "5"], fine[1]]],
      ["close", 5, "via_upstream"],
    ],
  ],
  [
    "another status of HTTP",
    (events) => events.headers([[":status", "404"]], true),
    [
      ["initial", []],
      ["trailing", []],
      ["close", 12, "via_upstream"],
    ],
    true,
  ],
  [
    "another status of HTTP, and a body",
    (events) =>
      events.headers(
        [
          [":status", "404"],
          ["grpc-status", "5"],
        ],
        false,
      ),
    [
      ["initial", [[":status", "404"], ["grpc-status", "5"], fine[1]]],
      ...[
        ["trailing", []],
        ["close", 12, "via_upstream"],
      ],
    ],
    true,
  ],
  [
    "an end without trailers",
    (events) => {
      events.headers([[":status", "200"]], false);
      events.data(frame("ab"), true);
    },
    [
      ["initial", fine],
      ["message", "ab"],
      ["trailing", []],
      ["close", 2, "via_upstream"],
    ],
    true,
  ],
  [
    "a frame of an unknown kind, which spoils what came with it",
    (events) => {
      events.headers([[":status", "200"]], false);
      events.data(Buffer.concat([frame("ab"), frame("c", 2)]), false);
    },
    [
      ["initial", fine],
      ["trailing", []],
      ["close", 13, "via_upstream"],
    ],
    true,
  ],
  [
    "a compressed frame, behind one that is not",
    (events) => {
      events.headers([[":status", "200"]], false);
      events.data(Buffer.concat([frame("ab"), frame("c", 1), frame("d")]), false);
    },
    [
      ["initial", fine],
      ["message", "ab"],
      ["trailing", []],
      ["close", 13, "via_upstream"],
    ],
    true,
  ],
  [
    "a compressed frame of nothing",
    (events) => {
      events.headers([[":status", "200"]], false);
      events.data(frame("", 1), false);
      events.trailers([["grpc-status", "0"]]);
    },
    [
      ["initial", fine],
      ["message", ""],
      ["trailing", [["grpc-status", "0"]]],
      ["close", 0, "via_upstream"],
    ],
  ],
  [
    "a cut within the answer",
    (events) => {
      events.headers([[":status", "200"]], false);
      events.reset("remote reset");
    },
    [
      ["initial", fine],
      ["trailing", []],
      ["close", 13, "upstream_reset_after_response_started{remote_reset}"],
    ],
    true,
  ],
  ...(
    [
      ["remote reset", 14, "remote_reset"],
      ["protocol error", 14, "protocol_error"],
      [
        ...(["remote connection failure", 14] as const),
        "remote_connection_failure|delayed_connect_error:_Connection_refused",
      ],
    ] as [ResetReason, number, string][]
  ).map(([reason, status, details]): [string, (events: UpstreamEvents) => void, unknown[]] => [
    `a cut before the answer: ${reason}`,
    (events) => events.reset(reason),
    [
      ["initial", []],
      [
        "trailing",
        [
          ...fine.slice(0, 1),
          ...[
            ["content-type", "application/grpc"],
            ["grpc-status", String(status)],
            ["grpc-message", lost + reason],
          ],
        ],
      ],
      ["close", status, `${lost}${reason}{upstream_reset_before_response_started{${details}}}`],
    ],
  ]),
];

for (const [what, act, expected, isCut] of exchanges)
  test(`gRPC: ${what}`, () => {
    const { loop, stream, sent, events, told } = grpc({ timeout: 1000 });
    loop.run();
    act(events());
    assert.deepEqual(told, expected);
    assert.deepEqual(sent.slice(1), isCut === true ? [["reset"]] : []);
    // It is over: nothing more is told or sent, whatever comes.
    events().headers([[":status", "200"]], false);
    events().data(frame("late"), true);
    events().trailers([]);
    events().reset("remote reset");
    loop.advance(5000);
    stream.reset();
    stream.send(utf8("late"), true);
    assert.deepEqual(told, expected);
    assert.deepEqual(sent.slice(1), isCut === true ? [["reset"]] : []);
  });

test("gRPC: nobody there, a time that is over, and a stream that is cut here", () => {
  const nobody = grpc({}, false);
  nobody.stream.send(utf8("a"), true);
  nobody.loop.run();
  assert.deepEqual(nobody.told, [
    ["trailing", []],
    ["close", 13, ""],
  ]);

  const late = grpc({ timeout: 50 });
  late.loop.run();
  late.loop.advance(49);
  assert.deepEqual(late.told, []);
  late.loop.advance(1);
  assert.deepEqual(late.sent.at(-1), ["reset"]);
  assert.deepEqual(late.told.at(-1), ["close", 14, "upstream request timeout{response_timeout}"]);

  const within = grpc({ timeout: 50 });
  within.loop.run();
  within.events().headers([[":status", "200"]], false);
  within.loop.advance(50);
  assert.deepEqual(within.told.slice(1), [
    ["trailing", []],
    ["close", 13, "response_timeout"],
  ]);

  const cut = grpc({ timeout: 50 });
  cut.loop.run();
  cut.stream.reset();
  cut.stream.reset();
  cut.loop.advance(100);
  assert.deepEqual([cut.told, cut.sent.slice(1)], [[], [["reset"]]]);
  const early = grpc();
  early.stream.reset();
  early.loop.run();
  assert.deepEqual([early.told, early.sent], [[], []]);
});

test("gRPC: a callback that cuts the stream is the last", () => {
  for (const [at, act] of [
    ["initial", (events: UpstreamEvents): void => events.headers([[":status", "404"]], false)],
    ["initial", (events: UpstreamEvents): void => events.reset("remote reset")],
    ["initial", (events: UpstreamEvents): void => events.headers([[":status", "200"]], true)],
    [
      "message",
      (events: UpstreamEvents): void => {
        events.headers([[":status", "200"]], false);
        events.data(Buffer.concat([frame("ab"), frame("c")]), true);
      },
    ],
    [
      "trailing",
      (events: UpstreamEvents): void => {
        events.headers([[":status", "200"]], false);
        events.trailers([["grpc-status", "0"]]);
      },
    ],
    ["trailing", (events: UpstreamEvents): void => events.headers([[":status", "404"]], false)],
  ] as const) {
    const { loop, events, told } = grpc({}, true, (what, stream) => {
      if (what === at) stream.reset();
    });
    loop.run();
    act(events());
    assert.equal((told.at(-1) as unknown[])[0], at);
    assert.equal(told.filter((each) => (each as unknown[])[0] === at).length, 1);
  }
});
