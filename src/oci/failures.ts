/**
 * The errors that a request to a registry ends with.
 *
 * @module
 */
import type { Response } from "undici";
import { MAX_ANSWER_BYTES, readBounded } from "./answer.js";
import type { Credentials } from "./credentials.js";
import { OciError } from "./error.js";
import type { Reference } from "./reference.js";

const TLS_CODES = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL/;
const PLAIN_HTTP_CODES = /ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG|EPROTO/;

/** Tells whether a registry does not speak TLS. */
export const speaksPlainHttp = (error: unknown): boolean => PLAIN_HTTP_CODES.test(codeOf(error));

/** Says why a registry was not reached. */
export function connectionFailure({ registry }: Reference, error: unknown): OciError {
  const code = codeOf(error);
  if (PLAIN_HTTP_CODES.test(code))
    return new OciError(
      "tls",
      `${registry} does not speak TLS; --insecure-host ${registry} allows plain HTTP.`,
      {
        cause: error,
      },
    );
  if (TLS_CODES.test(code))
    return new OciError(
      "tls",
      `The certificate of ${registry} is not trusted (${code}); give its authority with --ca FILE.`,
      { cause: error },
    );
  if (code === "ENOTFOUND")
    return new OciError("network", `There is no host ${registry} (${code}).`, { cause: error });
  if (code === "EAI_AGAIN")
    return new OciError(
      "network",
      `No name server has answered for ${registry} (${code}): is there a network?`,
      { cause: error },
    );
  return new OciError("network", `${registry} cannot be reached (${code}).`, { cause: error });
}

/** Turns an answer into an error with the registry's own words. */
export async function refusal(
  { registry, repository }: Reference,
  credentials: Credentials | undefined,
  response: Response,
): Promise<OciError> {
  const { status } = response;
  let said = "";
  let full = status === 507;
  try {
    const read = await readBounded(response, MAX_ANSWER_BYTES, "The registry's answer");
    const text = Buffer.from(read).toString("utf8");
    // Debian's docker-registry says 500, "unknown error", and in the detail the number of ENOSPC or EDQUOT.
    full ||= /no space left|"Err":(?:28|122)\b/i.test(text);
    const { errors } = JSON.parse(text) as { errors?: { code?: string; message?: string }[] };
    const words = (errors ?? []).map(({ code, message }) => [code, message].filter(Boolean).join(": "));
    said = words.filter(Boolean).join("; ");
    if (said.length > 1000) said = `${said.slice(0, 1000)}…`;
  } catch {
    // The answer is no error of a registry; its status has to do.
  }
  const words = `${status}${said === "" ? "" : `, ${said}`}`;
  if (status === 401 || status === 403) {
    const why =
      credentials === undefined
        ? "no credentials were found; log in with docker or podman, or give --username and --password-stdin"
        : status === 401
          ? "the user name or the password is wrong"
          : "this user may not do that";
    return new OciError("credentials", `${registry} refuses access to ${repository} (${words}): ${why}.`);
  }
  if (status === 404)
    return new OciError("not-found", `${registry} has no ${repository} like that (${words}).`);
  if (full) return new OciError("full", `The disk of ${registry} is full (${words}).`);
  return new OciError("registry", `${registry} answered ${words}.`);
}

/** The code of the deepest cause. */
export function codeOf(error: unknown): string {
  let code = error instanceof Error ? error.message : String(error);
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const own = (cause as NodeJS.ErrnoException).code;
    if (own !== undefined) code = own;
    if (cause instanceof AggregateError && cause.errors.length > 0) return codeOf(cause.errors[0]);
  }
  return code;
}
