/** The logs of all scenarios that one Envoy serves are replayed. */
import { groups } from "./outcome.js";
import { testReplay } from "./replayed.js";
import { loadScenarios } from "./scenario.js";

const all = groups(loadScenarios().filter(({ sdk }) => sdk === undefined)).sort(
  (a, b) => b.length - a.length,
);
const isCall = /^(call|grpc)-/;
testReplay(
  "the largest group",
  all[0]!.filter(({ name }) => !isCall.test(name)),
  60,
);
testReplay(
  "calls",
  all[0]!.filter(({ name }) => isCall.test(name)),
  20,
);
testReplay("the next ones", all[1]!, 1);
// Each of these logs a function's result, which Envoy's log does not have.
testReplay("and foreign functions", all[2]!, 0);
