import { findEnvoy } from "/work/main/src/envoy/index.js";
import { envoyCache } from "/work/main/tests/support/envoy.js";
import { measure } from "/work/main/tests/host-calls/measure.js";
import { writeFileSync } from "node:fs";
const t = Date.now();
const cells = await measure(findEnvoy(envoyCache).path!, { progress: (x) => console.log(x, Date.now() - t) });
writeFileSync("/tmp/cells.json", JSON.stringify(cells, null, 1));
for (const [row, r] of Object.entries(cells)) console.log(row.padEnd(45), Object.values(r).join(" "));
