/** The logs of all scenarios that one Envoy serves are replayed. */
import { groups } from "./outcome.js";
import { testReplay } from "./replayed.js";
import { loadScenarios } from "./scenario.js";

const all = groups(
  loadScenarios().filter(({ sdk, name }) => sdk === undefined && !/^(call|grpc)-/.test(name)),
).sort((a, b) => b.length - a.length);
testReplay("the largest group", all[0]!, 60);
testReplay("the next ones", all[1]!, 1);
testReplay("and foreign functions", all[2]!, 1);
