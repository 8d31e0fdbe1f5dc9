/** `npm run fuzz -- MINUTES [SEED]`: random calls in a real Envoy until the time is over or something is wrong. */
import { findEnvoy } from "../../src/envoy/index.js";
import { envoyCache } from "../support/envoy.js";
import { FuzzFailure, fuzz } from "./fuzz.js";

const [minutes = "1", first = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const envoy = findEnvoy(envoyCache);
if (envoy.path === undefined) throw new Error(envoy.reason);
const end = Date.now() + Number(minutes) * 60_000;
let streams = 0;
try {
  for (let seed = Number(first); Date.now() < end; seed++) {
    await fuzz(envoy.path, seed, 1000);
    streams += 1000;
    console.log(`seed ${seed} is fine, ${streams} streams so far`);
  }
} catch (error) {
  if (!(error instanceof FuzzFailure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
