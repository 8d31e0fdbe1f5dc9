/**
 * Whatever a filter writes to headers, messages end where their headers say: judged by peers on both sides that count them.
 * Each attack is followed by another request on the same connection; bodies look like messages.
 */
import assert from "node:assert/strict";
import { randomFrom } from "../fuzz/random.js";
import type { Answer } from "../support/counting-peers.js";
import { envoyTest } from "../support/envoy.js";
import type { Attack } from "../support/framing.js";
import { Framing } from "../support/framing.js";
import { names, places, values, verbs } from "../support/framing-words.js";

const versions = [1, 2] as const;
const ways = versions.flatMap((down) => versions.map((up) => [down, up] as const));
const bodyless = ["204", "205", "304"];

/** An attack of one to three operations. */
function generate(seed: number): Attack {
  const random = randomFrom(seed);
  const pick = <T>(all: readonly T[]): T => all[random(all.length)]!;
  const operations = Array.from({ length: 1 + random(3) }, () =>
    [pick(places), pick(verbs), pick(names), pick(values)].join("|"),
  );
  const isAnswered = random(6) === 0;
  if (isAnswered) operations.push("answer|||x|x");
  // Envoy ends an HTTP/1 connection whose request it has answered before its end.
  const body = isAnswered
    ? undefined
    : pick([undefined, undefined, "length", "chunked", "trailers"] as const);
  const method = pick(body === undefined ? ["GET", "GET", "HEAD", "OPTIONS"] : ["POST", "PUT", "GET"]);
  const answer = pick(["length", "chunked", "trailers", "empty", "204", "304", "404"] as const);
  return { operations, method, answer, ...(body !== undefined && { body }) };
}

envoyTest(
  "framing: of 200 generated attacks on headers, none makes a message too many or too few",
  async (t) => {
    const setting = await Framing.start(t);
    const found: string[] = [];
    const counts = new Map<number, number>();
    for (let seed = 0; seed < 200; seed++) {
      const attack = generate(seed);
      const [down, up] = ways[seed % ways.length]!;
      const { faults, statuses } = await setting.attack(attack, down, up);
      for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
      if (faults.length > 0)
        found.push(`${seed} HTTP/${down} to HTTP/${up} ${JSON.stringify(attack)}: ${faults.join("; ")}`);
    }
    assert.deepEqual(found, []);
    // Both what is refused and what goes through has been tried.
    assert.ok((counts.get(2) ?? 0) > 80 && (counts.get(0) ?? 0) > 40, JSON.stringify([...counts]));
  },
);

envoyTest("framing: a response gets a status without a body, and its body is dropped", async (t) => {
  const setting = await Framing.start(t);
  const answers = ["length", "chunked", "trailers", "empty", "204", "304"] as const;
  let tried = 0;
  for (const where of ["response", "held-response", "whole-body", "answer"]) {
    for (const answer of where === "whole-body" ? answers.slice(0, 3) : answers) {
      for (const status of bodyless) {
        const operations = [`${where === "answer" ? "response" : where}|response|set|:status|${status}`];
        if (where === "answer") operations.unshift("answer|||x|x");
        for (const down of versions) {
          const up = versions[tried++ % 2]!;
          const outcome = await setting.attack({ operations, answer }, down, up);
          const what = `HTTP/${down} to HTTP/${up} ${status} ${answer} ${where}`;
          assert.deepEqual(outcome.faults, [], what);
          assert.deepEqual(outcome.statuses, [0], what);
          const { status: seen, body } = outcome.seen.responses[0]!;
          assert.deepEqual({ seen, body }, { seen: Number(status), body: "" }, what);
        }
      }
    }
  }
});

/** Where the status is refused, or changes from one without a body, or nothing may be written behind it. */
const expected: readonly (readonly [
  operations: string[],
  answer: Answer,
  statuses: number[],
  status: number,
])[] = [
  [["response|response|set|:status|404"], "304", [0], 404],
  [["response|response|set|:status|500"], "204", [0], 500],
  [["response|response|replace|:status|204"], "length", [0], 204],
  [["response|response|replace-only|:status|304"], "chunked", [0], 304],
  [["response|response|set|:status|204", "response|response|set|:status|200"], "length", [0, 0], 200],
  [["response|response|set|:status|204", "response-body|x|append|x|more"], "length", [0, 2, 2], 204],
  ...["0", "20", "2000", "199", "600", "101", "103", "abc", "", "2 4"].map(
    (status) =>
      [[`response|response|set|:status|${status.replace(" ", "%20")}`], "length", [2], 200] as [
        string[],
        Answer,
        number[],
        number,
      ],
  ),
];

envoyTest("framing: a status is a number from 200 to 599, and lengths fit it", async (t) => {
  const setting = await Framing.start(t);
  for (const [index, [operations, answer, statuses, status]] of expected.entries()) {
    for (const down of versions) {
      const up = versions[index % 2]!;
      const outcome = await setting.attack({ operations, answer }, down, up);
      const what = `HTTP/${down} to HTTP/${up} ${operations.join()}`;
      assert.deepEqual(outcome.faults, [], what);
      // The body's end comes by itself over HTTP/1 and not over HTTP/2.
      assert.deepEqual(
        outcome.statuses.slice(0, statuses.length),
        statuses.slice(0, outcome.statuses.length),
        what,
      );
      assert.equal(outcome.seen.responses[0]!.status, status, what);
    }
  }
});

envoyTest(
  "framing: methods, paths and hosts can be changed, but not to what is none, nor to and from HEAD",
  async (t) => {
    const setting = await Framing.start(t);
    const write = (name: string, value: string, method?: string): Attack => ({
      operations: [`request|request|set|${name}|${value}`],
      ...(method !== undefined && { method }),
    });
    const attacks: readonly (readonly [Attack, status: number])[] = [
      [write(":method", "POST"), 0],
      [write(":method", "HEAD"), 2],
      [write(":method", "HEAD", "HEAD"), 0],
      [write(":method", "GET", "HEAD"), 2],
      [write(":method", "CONNECT"), 2],
      [write(":method", "G%20T"), 2],
      [write(":method", ""), 2],
      [write(":path", "/other?a=b"), 0],
      [write(":path", "/%ff"), 0],
      [write(":path", "/a%20b"), 2],
      [write(":path", ""), 2],
      [write(":path", "x"), 2],
      [write(":path", "*"), 2],
      [write(":authority", "b.example:80"), 0],
      [write("host", "[::1]"), 0],
      [write("host", "a@b"), 2],
      [write(":authority", ""), 2],
      [write(":scheme", "https"), 0],
      [write(":scheme", "ftp"), 2],
      [write(":protocol", "websocket"), 2],
      [write("upgrade", "websocket"), 2],
      [write("connection", "close"), 2],
      [write("te", "trailers"), 0],
      [write("te", "gzip"), 2],
      [write("expect", "100-continue"), 2],
      [{ operations: ["request|request|add|host|b"] }, 2],
      [{ operations: ["request|request|remove|host|"] }, 2],
      [{ operations: ["request|request|remove|connection|"] }, 0],
      [{ operations: ["request|request|remove|te|"] }, 0],
      [{ operations: ["request|request|replace-more|host|b"] }, 2],
      [{ operations: ["request|request|replace-only|host|b"] }, 0],
      [{ operations: ["request|request|replace-more|content-length|50"], body: "length" }, 2],
      [{ operations: ["request-trailers|request-trailers|set|:path|/x"], body: "trailers" }, 2],
      [{ operations: ["request-trailers|request-trailers|set|content-length|1"], body: "trailers" }, 2],
      [{ operations: ["request-trailers|request-trailers|set|x-more|1"], body: "trailers" }, 0],
      [{ operations: ["response|response|set|:path|/x"] }, 2],
      [{ operations: ["response|response|set|connection|upgrade"] }, 2],
      [{ operations: ["response-trailers|response-trailers|set|:status|200"], answer: "trailers" }, 2],
    ];
    for (const [down, up] of ways) {
      for (const [attack, status] of attacks) {
        const outcome = await setting.attack(attack, down, up);
        const what = `HTTP/${down} to HTTP/${up} ${JSON.stringify(attack)}`;
        assert.deepEqual(outcome.faults, [], what);
        assert.deepEqual(outcome.statuses, [status], what);
      }
    }
  },
);
