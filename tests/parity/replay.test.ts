/** Some scenarios' logs of Envoy are replayed; replay.long.test.ts has all. */
import { groups } from "./outcome.js";
import { testReplay } from "./replayed.js";
import { loadScenarios } from "./scenario.js";

const all = groups(loadScenarios().filter(({ sdk }) => sdk === undefined)).sort(
  (a, b) => b.length - a.length,
);
testReplay(
  "twelve scenarios",
  all[0]!.filter(({ name }) => /^(header-(a|b|in|r)|call-ti|body-set)/.test(name)).slice(0, 12),
  4,
);
