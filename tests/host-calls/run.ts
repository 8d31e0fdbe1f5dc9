/** `npm run host-calls`: measures all cells, those that kill Envoy too, and writes them and docs/host-calls.md. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { findEnvoy } from "../../src/envoy/index.js";
import { envoyCache } from "../support/envoy.js";
import { root } from "../support/paths.js";
import { measure } from "./measure.js";
import { page } from "./page.js";

const envoy = findEnvoy(envoyCache);
if (envoy.path === undefined) throw new Error(envoy.reason);
const cells = await measure(envoy.path, { progress: (name) => console.log(name) });
const write = async (path: string, text: string): Promise<void> => {
  const file = join(root, path);
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
};
await write("tests/host-calls/cells.json", JSON.stringify(cells));
await write("docs/host-calls.md", page(cells));
