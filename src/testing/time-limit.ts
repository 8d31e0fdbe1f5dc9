import { Script, createContext } from "node:vm";

/** A module ran too long: Envoy, which has no limit, would hang for ever. */
export class TimeLimitExceeded extends Error {
  override readonly name = "TimeLimitExceeded";

  constructor(readonly milliseconds: number) {
    super(
      `The module ran longer than ${milliseconds} ms. Envoy has no time limit: its worker thread would hang. ` +
        "This host cannot be used any more.",
    );
  }
}

/** Does events, and ends one that takes longer than so many milliseconds of real time. */
export function timeLimit(milliseconds: number): (event: () => void) => void {
  const context = createContext({ event: undefined });
  const script = new Script("event()");
  let exceeded: TimeLimitExceeded | undefined;
  return (event) => {
    if (exceeded !== undefined) throw exceeded;
    context["event"] = event;
    try {
      script.runInContext(context, { timeout: milliseconds });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
      exceeded = new TimeLimitExceeded(milliseconds);
      throw exceeded;
    }
  };
}
