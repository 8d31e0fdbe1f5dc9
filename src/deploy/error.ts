/** An option that a host would refuse, or would take and then not do: told with the reason, before anything is written. */
export class ManifestError extends Error {
  override readonly name = "ManifestError";
}

/** Refuses the options. */
export function fail(message: string): never {
  throw new ManifestError(message);
}
