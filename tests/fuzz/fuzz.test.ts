import { findEnvoy } from "../../src/envoy/index.js";
import { envoyCache, envoyTest } from "../support/envoy.js";
import { fuzz } from "./fuzz.js";

for (const seed of [1, 2, 3]) {
  envoyTest(`500 streams with random calls leave Envoy alive and answering (seed ${seed})`, async () => {
    await fuzz(findEnvoy(envoyCache).path!, seed, 500);
  });
}
