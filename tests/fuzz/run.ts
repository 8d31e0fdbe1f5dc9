/** `npm run fuzz -- MINUTES [SEED] [KIND]`: random calls in a real Envoy until the time is over or something is wrong. */
import { findEnvoy } from "../../src/envoy/index.js";
import { envoyCache } from "../support/envoy.js";
import { FuzzFailure, fuzz } from "./fuzz.js";
import { kinds } from "./plugins.js";

const [minutes = "1", first = String(Date.now() % 1_000_000), only] = process.argv.slice(2);
const envoy = findEnvoy(envoyCache);
if (envoy.path === undefined) throw new Error(envoy.reason);
const chosen = kinds.filter((kind) => only === undefined || kind === only);
if (chosen.length === 0) throw new Error(`${only} is none of ${kinds.join(", ")}`);
const end = Date.now() + Number(minutes) * 60_000;
let streams = 0;
try {
  for (let seed = Number(first); Date.now() < end; seed++) {
    for (const kind of chosen) {
      await fuzz(envoy.path, kind, seed, 1000);
      streams += 1000;
      console.log(`${kind}, seed ${seed} is fine, ${streams} requests so far`);
    }
  }
} catch (error) {
  if (!(error instanceof FuzzFailure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
