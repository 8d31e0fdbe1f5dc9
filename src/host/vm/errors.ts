/** A module that Envoy refuses to load, or a configuration that the module refuses. */
export class LoadError extends Error {
  override readonly name = "LoadError";

  /**
   * @param reason Envoy's message.
   * @param remedy The way to put it right.
   */
  constructor(
    readonly reason: string,
    readonly remedy: string,
  ) {
    super(`${reason.replace(/\.$/, "")}. ${remedy}`);
  }
}

/** A call that would kill or hang Envoy. */
export class EnvoyCrash extends Error {
  override readonly name = "EnvoyCrash";

  /** @param instead The way to avoid it. */
  constructor(
    readonly what: string,
    readonly instead: string,
    version = "1.40",
  ) {
    super(`Envoy ${version} crashes here: ${what}. ${instead}`);
  }
}
