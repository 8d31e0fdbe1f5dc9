/**
 * A manifest as a resource of a Kustomize folder.
 *
 * @module
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isSeq, parseDocument } from "yaml";
import { writeWhole } from "../oci/index.js";
import { UserError } from "./error.js";
import { shown } from "./output.js";

const EMPTY = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n";

/** Writes `NAME.yaml` in the folder, and names it in `kustomization.yaml`, which keeps all else that it has. */
export function writeResource(folder: string, name: string, manifest: string): string {
  mkdirSync(folder, { recursive: true });
  const list = join(folder, "kustomization.yaml");
  const document = parseDocument(existsSync(list) ? readFileSync(list, "utf8") : EMPTY);
  const isMap = document.errors.length === 0 && (document.toJS() as { kind?: unknown } | null) !== null;
  const resources = isMap ? document.get("resources") : undefined;
  if (!isMap || (resources !== undefined && resources !== null && !isSeq(resources)))
    throw new UserError(`${shown(list)} is no Kustomization with a list of resources.`);
  const file = `${name}.yaml`;
  writeWhole(join(folder, file), Buffer.from(manifest));
  const names = isSeq(resources) ? resources.toJSON() : [];
  if (!names.includes(file)) {
    if (names.length === 0) document.set("resources", document.createNode([file]));
    else document.addIn(["resources"], file);
    writeWhole(list, Buffer.from(document.toString({ lineWidth: 0 })));
  }
  return join(folder, file);
}
