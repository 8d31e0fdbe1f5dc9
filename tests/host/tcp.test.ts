/** A connection between client, filters and upstream: what is held, who is stopped, and how it ends. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Body } from "../../src/host/abi/body.js";
import { PauseHolders } from "../../src/host/http/direction.js";
import { CONNECTION_REFUSED } from "../../src/host/services/cluster.js";
import type { Cluster, ConnectionEvents } from "../../src/host/services/cluster.js";
import { ResponseFlag } from "../../src/host/services/response-flags.js";
import { TcpStream } from "../../src/host/tcp/stream.js";
import { VirtualLoop } from "../../src/host/vm/loop.js";

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const remote = 2;
const local = 1;

/** What filters answer to events, by the filter's name and the event; true unless it stands here. */
type Answers = Record<string, (body: Body, stream: TcpStream) => boolean>;

interface Line {
  readonly loop: VirtualLoop;
  readonly stream: TcpStream;
  /** All that was told to filters, upstream and client, in order. */
  readonly seen: string[];
  readonly events: () => ConnectionEvents;
  readonly filters: readonly never[];
}

function line(
  answers: Answers = {},
  names: readonly string[] = ["a", "b"],
  cluster: "there" | "address" | "raw" | "none" = "there",
): Line {
  const loop = new VirtualLoop(1);
  const seen: string[] = [];
  let events: ConnectionEvents | undefined;
  let own: TcpStream | undefined;
  const text = (body: Body): string => Buffer.from(body.bytes()).toString();
  const ask = (name: string, body: Body): boolean => answers[name]?.(body, own!) ?? true;
  const filters = names.map((name) => ({
    onNewConnection: () => {
      seen.push(`${name} new`);
      return answers[`${name} new`] === undefined;
    },
    onDownstreamData: (body: Body, end: boolean) => {
      seen.push(`${name} down ${text(body)} ${end}`);
      return ask(`${name} down`, body);
    },
    onUpstreamData: (body: Body, end: boolean) => {
      seen.push(`${name} up ${text(body)} ${end}`);
      return ask(`${name} up`, body);
    },
    onDownstreamClose: (type: number) => seen.push(`${name} closed ${type}`),
  })) as never[];
  const target: Cluster = {
    ...(cluster === "address" && { address: "10.0.0.9:1" }),
    open: () => assert.fail("it is no request"),
    ...(cluster !== "raw" && {
      connect: (given) => {
        events = given;
        seen.push("connect");
        return {
          write: (bytes, end) => seen.push(`write ${Buffer.from(bytes).toString()} ${end}`),
          close: () => seen.push("close upstream"),
          pause: (paused) => seen.push(`pause upstream ${paused}`),
        };
      },
    }),
  };
  const clusters = new Map(cluster === "none" ? [] : [["c", target]]);
  const stream = new TcpStream(
    {
      environment: { loop, clusters } as never,
      info: { id: 3, sourceAddress: "a:1", destinationAddress: "b:2" },
      cluster: "c",
      filters: (given) => {
        own = given;
        return filters;
      },
    },
    {
      data: (bytes, end) => seen.push(`client ${Buffer.from(bytes).toString()} ${end}`),
      closed: () => seen.push("client closed"),
      pause: (paused) => seen.push(`pause client ${paused}`),
    },
  );
  return { loop, stream, seen, events: () => events!, filters };
}

/** A connection that is open, and what is seen of it from now on. */
function open(...given: Parameters<typeof line>): Line {
  const made = line(...given);
  made.loop.run();
  made.events().connected();
  made.seen.length = 0;
  return made;
}

const taken = (seen: string[]): string[] => seen.splice(0);

test("filters see a connection in order, then it is made, in an event of its own", () => {
  const { loop, seen, events, stream } = line();
  assert.deepEqual(taken(seen), ["a new", "b new"]);
  stream.onData(utf8("early"), false);
  loop.run();
  assert.deepEqual(taken(seen), ["connect"], "nothing is read before there is somebody to send it to");
  events().connected();
  assert.deepEqual(taken(seen), ["a down early false", "b down early false", "write early false"]);
  events().connected();
  assert.deepEqual(taken(seen), [], "and read once");
  assert.equal(stream.info.id, 3);
});

test("a filter that holds a new connection is asked no more, and those behind it later", () => {
  const { loop, seen, stream, filters, events } = line({ "a new": () => false });
  loop.run();
  assert.deepEqual(taken(seen), ["a new"]);
  stream.onData(utf8("x"), false);
  // Nobody reads of the client, so that its end is not seen.
  stream.onReset();
  assert.deepEqual(taken(seen), []);
  assert.equal(stream.known.cluster, undefined);
  stream.continueReading(filters[0]!);
  assert.deepEqual(taken(seen), ["b new"]);
  assert.equal(stream.known.cluster, "c");
  loop.run();
  events().connected();
  assert.deepEqual(taken(seen), ["connect", "a down x false", "b down x false", "write x false"]);
});

test("data that a filter holds stays, and goes on behind it when the filter lets go", () => {
  let holds = true;
  const { seen, stream, filters } = open({ "a down": () => !holds });
  stream.onData(utf8("x"), false);
  stream.onData(utf8("y"), false);
  assert.deepEqual(taken(seen), ["a down x false", "a down xy false"]);
  stream.continueReading(filters[0]!);
  assert.deepEqual(taken(seen), ["b down xy false", "write xy false"]);
  stream.continueReading(filters[1]!);
  assert.deepEqual(taken(seen), []);
  holds = false;
  stream.onData(utf8("z"), true);
  assert.deepEqual(taken(seen), ["a down z true", "b down z true", "write z true"]);
  stream.onData(utf8(""), true);
  assert.deepEqual(taken(seen), ["a down  true", "b down  true"], "an end is sent once");
});

test("filters see the upstream's data from the last to the first, changed as they change it", () => {
  const { seen, events } = open({
    "b up": (body) => {
      body.append(utf8("!"));
      return true;
    },
    "a up": (body) => body.length !== 4,
  });
  events().data(utf8("x"), false);
  assert.deepEqual(taken(seen), ["b up x false", "a up x! false", "client x! false"]);
  events().data(utf8("xyz"), false);
  assert.deepEqual(taken(seen), ["b up xyz false", "a up xyz! false"]);
  events().data(utf8("w"), false);
  assert.deepEqual(taken(seen), ["b up xyz!w false", "a up xyz!w! false", "client xyz!w! false"]);
  const plain = open();
  plain.events().data(utf8(""), true);
  assert.deepEqual(taken(plain.seen), ["b up  true", "a up  true", "client  true"]);
});

for (const [first, expected] of [
  ["client", ["b up  true", "a up  true", "client  true", `a closed ${local}`, `b closed ${local}`]],
  ["upstream", ["a down  true", "b down  true", "write  true", `a closed ${remote}`, `b closed ${remote}`]],
] as const)
  test(`a connection is over when both sides have ended, the ${first} first`, () => {
    const { seen, stream, events } = open();
    const sides = {
      client: () => stream.onData(utf8(""), true),
      upstream: () => events().data(utf8(""), true),
    };
    sides[first]();
    assert.ok(!seen.some((each) => each.includes("closed")));
    taken(seen);
    sides[first === "client" ? "upstream" : "client"]();
    assert.deepEqual(taken(seen), [...expected, "close upstream", "client closed"]);
    // It is over: nothing more is told.
    stream.onData(utf8("late"), true);
    events().data(utf8("late"), true);
    events().closed();
    stream.onReset();
    stream.close();
    assert.deepEqual(taken(seen), []);
  });

for (const [how, act, type] of [
  ["the client", ({ stream }: Line) => stream.onReset(), remote],
  ["the upstream", ({ events }: Line) => events().closed(), local],
  ["a filter", ({ stream }: Line) => stream.close(), local],
] as const)
  test(`a connection that ${how} cuts ends for all`, () => {
    const made = open();
    act(made);
    const closed = [`a closed ${type}`, `b closed ${type}`, "close upstream", "client closed"];
    assert.deepEqual(taken(made.seen), closed);
  });

test("a filter that ends the connection within its callback is the last that is asked", () => {
  const end = (_: Body, stream: TcpStream): boolean => {
    stream.close();
    return true;
  };
  const down = open({ "a down": end });
  down.stream.onData(utf8("x"), false);
  assert.deepEqual(taken(down.seen).slice(0, 2), ["a down x false", `a closed ${local}`]);
  const up = open({ "b up": end });
  up.events().data(utf8("x"), false);
  assert.ok(!up.seen.some((each) => /^a up|^client x/.test(each)));
});

test("an upstream that refuses is known, with its reason; a cluster that is none ends the connection later", () => {
  const { loop, stream, events, seen } = line();
  assert.deepEqual(stream.known, {
    ...{ cluster: "c", upstreamAddress: undefined, upstreamFailure: "", responseFlags: 0 },
    startNanoseconds: 1_000_000n,
  });
  loop.run();
  events().failed();
  assert.deepEqual(stream.known, {
    ...{ cluster: "c", upstreamAddress: "127.0.0.1:80", upstreamFailure: CONNECTION_REFUSED },
    responseFlags: ResponseFlag.UpstreamConnectionFailure | ResponseFlag.RetriesOver,
    startNanoseconds: 1_000_000n,
  });
  assert.equal(seen.at(-1), "client closed");
  assert.equal(open({}, [], "address").stream.known.upstreamAddress, "10.0.0.9:1");
  for (const kind of ["none", "raw"] as const) {
    const made = line({}, ["a"], kind);
    assert.deepEqual(taken(made.seen), ["a new"]);
    made.loop.run();
    assert.deepEqual(taken(made.seen), [`a closed ${local}`, "client closed"]);
  }
  const gone = line();
  gone.stream.close();
  taken(gone.seen);
  gone.loop.run();
  assert.deepEqual(taken(gone.seen), [], "who has gone gets no connection");
});

test("the client is stopped once while the upstream is full, or filters hold 1 MiB", () => {
  const full = open();
  for (const isFull of [true, true, false, false]) full.events().full!(isFull);
  assert.deepEqual(taken(full.seen), ["pause client true", "pause client false"]);
  full.stream.pauseUpstream(true);
  full.stream.pauseUpstream(false);
  assert.deepEqual(taken(full.seen), ["pause upstream true", "pause upstream false"]);
  const pauses = (seen: string[]): string[] => taken(seen).filter((each) => each.startsWith("pause"));
  const held = open({ "a down": () => false });
  held.stream.onData(new Uint8Array((1 << 20) - 1), false);
  assert.deepEqual(pauses(held.seen), []);
  held.stream.onData(new Uint8Array(1), false);
  assert.deepEqual(pauses(held.seen), ["pause client true"]);
  held.events().full!(true);
  held.stream.continueReading(held.filters[0]!);
  assert.deepEqual(pauses(held.seen), [], "the upstream is full still");
  held.events().full!(false);
  assert.deepEqual(pauses(held.seen), ["pause client false"]);
  const early = line();
  early.stream.onData(new Uint8Array(1 << 20), false);
  assert.deepEqual(pauses(early.seen), ["pause client true"]);
  early.loop.run();
  early.events().connected();
  assert.deepEqual(pauses(early.seen), ["pause client false"]);
  early.stream.close();
  taken(early.seen);
  early.events().full!(true);
  assert.deepEqual(taken(early.seen), []);
});

test("a sender goes on when the last of those for whom it pauses lets go", () => {
  const told: boolean[] = [];
  const holders = new PauseHolders<"a" | "b">((paused) => told.push(paused));
  for (const [by, paused] of [
    ["a", false],
    ["a", true],
    ["a", true],
    ["b", true],
    ["a", false],
    ["a", false],
    ["b", false],
    ["b", true],
  ] as const)
    holders.set(by, paused);
  assert.deepEqual(told, [true, false, true]);
});
