/** A module that Envoy refuses to load, or a configuration that the module refuses. */
export class LoadError extends Error {
  override readonly name = "LoadError";

  /**
   * @param reason What Envoy says.
   * @param remedy What to do about it.
   */
  constructor(
    readonly reason: string,
    readonly remedy: string,
  ) {
    super(`${reason.replace(/\.$/, "")}. ${remedy}`);
  }
}

/** What would kill or hang Envoy. */
export class EnvoyCrash extends Error {
  override readonly name = "EnvoyCrash";

  /** @param instead What to do instead. */
  constructor(
    readonly what: string,
    readonly instead: string,
    version = "1.40",
  ) {
    super(`Envoy ${version} crashes here: ${what}. ${instead}`);
  }
}
