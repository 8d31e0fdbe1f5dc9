/** Mixed traffic through a filter in the embedded host. */
import { readFileSync } from "node:fs";
import { CountingHost } from "../../src/count/index.js";
import { compileFilter } from "../support/compile.js";
import type { Slope } from "./slope.js";
import { slopeOf } from "./slope.js";

export interface HostSoak {
  readonly requests: number;
  readonly pages: Slope;
  /** The mean work of a request: a table or list that only grows makes it rise. */
  readonly operators: Slope;
}

const words = Buffer.from("lorem ipsum dolor sit amet ".repeat(40));

/** `leak` makes a filter that keeps every path, to show that a leak is seen. */
export async function soakInHost(
  requests: number,
  report: (line: string) => void,
  filter = "tests/soak/filters/mixed.ts",
): Promise<HostSoak> {
  const host = await CountingHost.start({
    wasm: readFileSync(await compileFilter(filter)),
    configuration: "soak",
    answers: { auth: 200 },
    calls: false,
  });
  const samples: { at: number; pages: number; operators: number }[] = [];
  const step = Math.max(8, Math.floor(requests / 40 / 8) * 8);
  let before = host.operators;
  for (let i = 1; i <= requests; i++) {
    const kind = i % 8;
    if (kind === 1) host.request({ path: "/call" });
    else if (kind === 2) host.abort({ path: "/abort" });
    else if (kind === 3) host.request({ method: "POST", path: "/body", body: [words, words] });
    else if (kind === 4) host.request({ path: "/error" });
    else if (kind === 5) host.abort({ path: "/wait" });
    else host.request({ path: "/plain" });
    if (i % step !== 0) continue;
    samples.push({ at: i, pages: host.pages, operators: (host.operators - before) / step });
    before = host.operators;
    report(`${i} requests: ${host.pages} pages, ${samples.at(-1).operators.toFixed(0)} operators each`);
  }
  const steady = samples.slice(Math.ceil(samples.length / 5));
  const line = (key: "pages" | "operators"): Slope =>
    slopeOf(steady.map((sample) => ({ at: sample.at, value: sample[key] })));
  return { requests, pages: line("pages"), operators: line("operators") };
}
