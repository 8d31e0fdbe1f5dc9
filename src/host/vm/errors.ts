/** A module that Envoy refuses to load; the message is Envoy's. */
export class LoadError extends Error {
  override readonly name = "LoadError";
}

/** What would kill or hang Envoy 1.40. */
export class EnvoyCrash extends Error {
  override readonly name = "EnvoyCrash";

  /** @param instead What to do instead. */
  constructor(
    readonly what: string,
    readonly instead: string,
  ) {
    super(`Envoy 1.40 crashes here: ${what}. ${instead}`);
  }
}
