/**
 * Names of images: `registry.example:5000/team/filter:1.0.0`.
 *
 * @module
 */
import { OciError } from "./error.js";

/** A name in its parts. */
export interface Reference {
  /** Host and port as they stand in the name: `docker.io`, `registry.example:5000`. */
  readonly registry: string;
  /** The path on the registry, Docker Hub's `library/` included. */
  readonly repository: string;
  /** The tag; undefined when only a digest was given. */
  readonly tag: string | undefined;
  /** `sha256:` and 64 hexadecimal digits; undefined when only a tag was given. */
  readonly digest: string | undefined;
}

const host = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?$/;
const path = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

/**
 * Reads a name. Without a tag and a digest, the tag is `latest`. Throws `OciError` with the code "reference".
 *
 * @example
 * parseReference("localhost:5000/filter:1.0.0").repository; // "filter"
 */
export function parseReference(text: string): Reference {
  const fail = (why: string): never => {
    throw new OciError("reference", `${JSON.stringify(text)} is not the name of an image: ${why}`);
  };
  let rest = text.startsWith("oci://") ? text.slice(6) : text;
  if (rest.includes("://")) fail("leave out the scheme, or write oci://.");
  if (rest.trim() !== rest || rest === "") fail("write it as REGISTRY/REPOSITORY:TAG.");

  let digest: string | undefined;
  const at = rest.indexOf("@");
  if (at >= 0) {
    digest = rest.slice(at + 1);
    if (!/^sha256:[0-9a-f]{64}$/.test(digest))
      fail("after @ come sha256: and 64 lower-case hexadecimal digits.");
    rest = rest.slice(0, at);
  }
  const slash = rest.indexOf("/");
  const registry = rest.slice(0, Math.max(slash, 0));
  if (!/[.:]/.test(registry) && registry !== "localhost")
    fail(
      "it names no registry; write it as REGISTRY/REPOSITORY:TAG, on Docker Hub as docker.io/USER/REPOSITORY:TAG.",
    );
  if (!host.test(registry) || Number(/:(\d+)$/.exec(registry)?.[1] ?? 1) > 65535)
    fail(`${JSON.stringify(registry)} is no host name with an optional port.`);

  let repository = rest.slice(slash + 1);
  let tag: string | undefined;
  const colon = repository.lastIndexOf(":");
  if (colon >= 0) {
    tag = repository.slice(colon + 1);
    repository = repository.slice(0, colon);
    if (!tagPattern.test(tag))
      fail(
        `the tag ${JSON.stringify(tag)} has other characters than letters, digits, ".", "_" and "-", or too many.`,
      );
  }
  if (repository !== repository.toLowerCase())
    fail(`a repository is in lower case: ${JSON.stringify(repository.toLowerCase())}.`);
  if (!path.test(repository)) fail(`${JSON.stringify(repository)} is no path of a repository.`);
  if (isDockerHub(registry) && !repository.includes("/")) repository = `library/${repository}`;
  return { registry, repository, tag: tag ?? (digest === undefined ? "latest" : undefined), digest };
}

/** The name as text. */
export function formatReference({ registry, repository, tag, digest }: Reference): string {
  return `${registry}/${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** Tells whether the registry is Docker Hub, whose API and credentials have other addresses than its name. */
export function isDockerHub(registry: string): boolean {
  return ["docker.io", "index.docker.io", "registry-1.docker.io"].includes(registry);
}

/** Tells whether the registry is on this machine. */
export function isLoopback(registry: string): boolean {
  const name = registry.replace(/:\d+$/, "");
  return (
    name === "localhost" ||
    name.endsWith(".localhost") ||
    name === "[::1]" ||
    /^127(?:\.\d{1,3}){3}$/.test(name)
  );
}
