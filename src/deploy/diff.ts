/**
 * Compares deployed objects with a manifest.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { parseAllDocuments } from "yaml";
import { fail } from "./error.js";

/** One field that is not the same. */
export interface Difference {
  /** As in `spec.wasm.sha256`. */
  readonly path: string;
  /** Undefined where the field is not there. */
  readonly deployed: unknown;
  readonly wanted: unknown;
}

/** The result for one object. */
export interface ObjectDifference {
  /** As in `WasmPlugin shop/filter`. */
  readonly object: string;
  /** Tells whether an object of this kind and name is deployed at all. */
  readonly isDeployed: boolean;
  readonly differences: readonly Difference[];
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Compares a manifest with objects as `kubectl get -o yaml` prints them, one, several or a List. Fields that the cluster itself
 * adds (status, uid, versions, annotations and labels of others) are no differences.
 */
export function deployedDifferences(deployed: string, manifest: string): ObjectDifference[] {
  const there = objects(deployed, "What is deployed");
  return objects(manifest, "The manifest").map((wanted) => {
    const found = there.find((each) => isSame(each, wanted));
    const object = titleOf(wanted);
    if (found === undefined) return { object, isDeployed: false, differences: [] };
    return {
      object,
      isDeployed: true,
      differences: [...compare(plain(found, wanted), plain(wanted, wanted), "")],
    };
  });
}

function objects(text: string, what: string): Fields[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) fail(`${what} is no YAML: ${error.message.split("\n")[0]}`);
    const value = document.toJS() as unknown;
    if (value === null) return [];
    if (!isFields(value) || typeof value["kind"] !== "string") fail(`${what} is no object of Kubernetes.`);
    const { items } = value;
    return Array.isArray(items) ? items.filter(isFields) : [value];
  });
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const metadataOf = (object: Fields): Fields => (isFields(object["metadata"]) ? object["metadata"] : {});

/** By group, kind and name; by namespace where both have one. */
function isSame(a: Fields, b: Fields): boolean {
  const group = (object: Fields): string => String(object["apiVersion"]).split("/")[0]!;
  const [one, other] = [metadataOf(a), metadataOf(b)];
  const spaces = [one["namespace"], other["namespace"]];
  return (
    group(a) === group(b) &&
    a["kind"] === b["kind"] &&
    one["name"] === other["name"] &&
    (spaces.includes(undefined) || spaces[0] === spaces[1])
  );
}

function titleOf(object: Fields): string {
  const { namespace, name } = metadataOf(object) as { namespace?: string; name?: string };
  return `${object["kind"] as string} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

/** An object without what the cluster adds: of labels and annotations, those that the manifest names. */
function plain(object: Fields, wanted: Fields): Fields {
  const mine = metadataOf(wanted);
  const kept = (field: string): Fields | undefined => {
    const [all, named] = [metadataOf(object)[field], mine[field]];
    if (!isFields(all) || !isFields(named)) return undefined;
    return Object.fromEntries(Object.entries(all).filter(([name]) => name in named));
  };
  return {
    apiVersion: object["apiVersion"],
    metadata: { labels: kept("labels"), annotations: kept("annotations") },
    spec: object["spec"],
  };
}

/** Fields that Envoy Gateway's schema fills in by itself. */
const defaults: readonly (readonly [path: RegExp, value: unknown])[] = [
  [/^spec\.wasm\[\d+\]\.failOpen$/, false],
  [/^spec\.targetRefs\[\d+\]\.group$/, ""],
];

function* compare(deployed: unknown, wanted: unknown, path: string): Iterable<Difference> {
  if (isDeepStrictEqual(deployed, wanted)) return;
  if (isFields(deployed) && isFields(wanted)) {
    for (const name of new Set([...Object.keys(wanted), ...Object.keys(deployed)]))
      yield* compare(deployed[name], wanted[name], path === "" ? name : `${path}.${name}`);
    return;
  }
  if (Array.isArray(deployed) && Array.isArray(wanted)) {
    for (let i = 0; i < Math.max(deployed.length, wanted.length); i++)
      yield* compare(deployed[i], wanted[i], `${path}[${i}]`);
    return;
  }
  if (wanted === undefined && defaults.some(([field, value]) => field.test(path) && value === deployed))
    return;
  yield { path, deployed, wanted };
}
