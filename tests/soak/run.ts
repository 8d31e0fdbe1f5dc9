/**
 * `npm run soak -- [--requests N] [--reconfigurations N] [--steady N]`: mixed traffic (calls, aborted requests, bodies,
 * refusals, timers, new configurations) through the embedded host and through Envoy, there also without a filter, then N small requests
 * through a filter with state in Envoy, and half as many through one in which each tenth has a bug; prints the slope of memory and work
 * with its error, and exits with 1 when something grows. `--mixed` does nothing but the mixed traffic in Envoy.
 */
import { parseArgs } from "node:util";
import { findEnvoy } from "../../src/envoy/index.js";
import { envoyCache } from "../support/envoy.js";
import { soakBugs } from "./bugs.js";
import { soakInEnvoy } from "./in-envoy.js";
import { soakInHost } from "./in-host.js";
import { canMeasure } from "./memory.js";
import { describe, grows } from "./slope.js";
import { soakSteadily } from "./steady.js";

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "100000" },
    reconfigurations: { type: "string", default: "10" },
    steady: { type: "string", default: "2000000" },
    mixed: { type: "boolean", default: false },
  },
});
const requests = Number(values.requests);
const report = (line: string): void => console.log(`  ${line}`);
const verdicts: string[] = [];

function judge(place: string, description: string, isGrowing: boolean): void {
  verdicts.push(`${isGrowing ? "GROWS" : "flat "}  ${place}: ${description}`);
  if (isGrowing) process.exitCode = 1;
}

if (!values.mixed) {
  console.log(`${requests} requests in the embedded host`);
  const host = await soakInHost(requests, report);
  judge("embedded host", describe("memory", "pages", host.pages), grows(host.pages, requests, 0.5));
  const { operators } = host;
  judge(
    "embedded host",
    describe("work", "operators", operators),
    grows(operators, requests, operators.first / 100),
  );
}

const found = findEnvoy(envoyCache);
if (found.path === undefined) console.log(`Envoy is left out: ${found.reason}`);
else if (!canMeasure) console.log("Envoy is left out: memory is measured on Linux only");
else {
  console.log(`${requests} requests in Envoy`);
  const envoy = await soakInEnvoy(found.path, requests, Number(values.reconfigurations), report);
  const memory = `${describe("memory", "MiB", envoy.memory)}, ${envoy.reconfigurations} new configurations`;
  judge("Envoy", memory, grows(envoy.memory, requests, 0.5));
  if (envoy.wrong.length > 0)
    judge("Envoy", `${envoy.wrong.length} wrong answers: ${envoy.wrong.slice(0, 10).join("\n")}`, true);
  console.log(`${requests} requests in Envoy without a filter`);
  const none = await soakInEnvoy(found.path, requests, Number(values.reconfigurations), report, false);
  const own = `${describe("memory", "MiB", none.memory)}, ${none.reconfigurations} new configurations`;
  verdicts.push(`       Envoy without a filter: ${own}`);
}
if (found.path !== undefined && canMeasure && !values.mixed) {
  console.log(`${values.steady} small requests in Envoy`);
  const steady = await soakSteadily(found.path, Number(values.steady), report);
  judge(
    "Envoy",
    `${steady.requests} small requests: ${describe("memory", "MiB", steady.memory)}`,
    grows(steady.memory, steady.requests, 0.1),
  );
  const half = Number(values.steady) / 2;
  console.log(`${half} requests in Envoy, of which each tenth has a bug`);
  const buggy = await soakBugs(found.path, half, report);
  judge(
    "Envoy",
    `${buggy.requests} requests, ${buggy.bugs} bugs: ${describe("memory", "MiB", buggy.memory)}`,
    grows(buggy.memory, buggy.requests, 0.1),
  );
}
for (const verdict of verdicts) console.log(verdict);
