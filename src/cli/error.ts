/** An error that a person can put right: printed without a stack. */
export class UserError extends Error {
  override readonly name = "UserError";
}
