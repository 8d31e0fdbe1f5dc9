/** Messages end where their headers say, too, where flows write them, and where local responses and calls bring headers along. */
import assert from "node:assert/strict";
import { randomFrom } from "../fuzz/random.js";
import { envoyTest } from "../support/envoy.js";
import type { Attack } from "../support/framing.js";
import { Framing } from "../support/framing.js";
import { names, places, values, verbs } from "../support/framing-words.js";

const versions = [1, 2] as const;
const ways = versions.flatMap((down) => versions.map((up) => [down, up] as const));

/** Where a flow does it. */
const steps = [
  ...["request|request", "later|request", "request-body|request", "request-chunk|request"],
  ...["response|response", "response|response", "response-later|response", "response-chunk|response"],
  ...["request-body|request-trailers", "response-body|response-trailers", "response|request"],
];

/** Parts of a call. */
const parts = ["method", "path", "authority"];

/** An attack in a flow, by the headers of an answer, or by those of a call. */
function generateElsewhere(seed: number): Attack {
  const random = randomFrom(seed);
  const pick = <T>(all: readonly T[]): T => all[random(all.length)]!;
  const inFlow = random(2) === 0;
  const operations = Array.from({ length: 1 + random(3) }, () =>
    random(4) === 0
      ? [pick(inFlow ? steps : places), "call", pick([...names, ...parts]), pick(values)].join("|")
      : [pick(inFlow ? steps : places), pick(verbs), pick(names), pick(values)].join("|"),
  );
  const isAnswered = random(4) === 0;
  if (isAnswered) operations.push(`answer|||${pick(names)}|${pick(values)}`);
  const body = isAnswered
    ? undefined
    : pick([undefined, undefined, "length", "chunked", "trailers"] as const);
  const headers = {
    ...(random(4) === 0 && { te: "trailers" }),
    ...(random(6) === 0 && body !== undefined && { expect: "100-continue" }),
    ...(random(6) === 0 && { "content-type": "application/grpc" }),
  };
  const method = pick(body === undefined ? ["GET", "GET", "HEAD", "OPTIONS"] : ["POST", "PUT", "GET"]);
  const answer = pick(["length", "chunked", "trailers", "empty", "204", "304", "404"] as const);
  return { operations, method, answer, inFlow, headers, ...(body !== undefined && { body }) };
}

envoyTest(
  "framing: of 200 attacks in flows, by headers of answers and of calls, none makes a message too many or too few",
  async (t) => {
    const setting = await Framing.start(t);
    const found: string[] = [];
    for (let seed = 0; seed < 200; seed++) {
      const attack = generateElsewhere(seed);
      const [down, up] = ways[seed % ways.length]!;
      const { faults } = await setting.attack(attack, down, up);
      if (faults.length > 0)
        found.push(`${seed} HTTP/${down} to HTTP/${up} ${JSON.stringify(attack)}: ${faults.join("; ")}`);
    }
    assert.deepEqual(found, []);
  },
);
