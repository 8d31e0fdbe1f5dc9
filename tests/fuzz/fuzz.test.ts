import { envoyTest, found } from "../support/envoy.js";
import { fuzz } from "./fuzz.js";
import type { Kind } from "./plugins.js";

/** The kind of round, its seed, and how many requests. */
const rounds: readonly (readonly [Kind, number, number])[] = [
  ["classes", 1, 500],
  ["classes", 2, 500],
  ["classes", 3, 500],
  ["flow", 1, 200],
  ["flow", 2, 200],
  ["metadata", 1, 200],
  ["abort", 1, 100],
  ["throws", 1, 200],
  ["flow-throws", 1, 100],
];

for (const [kind, seed, count] of rounds) {
  envoyTest(
    `${count} requests with random calls leave Envoy alive and answering (${kind}, seed ${seed})`,
    async () => {
      await fuzz(found.path!, kind, seed, count);
    },
  );
}
