/** A suite that cannot be read or run as it is written; the message begins with the file, and the line where it is known. */
export class SuiteError extends Error {
  override readonly name = "SuiteError";

  constructor(
    readonly file: string,
    readonly line: number | undefined,
    readonly reason: string,
  ) {
    super(`${file}${line === undefined ? "" : `:${line}`}: ${reason}`);
  }
}
