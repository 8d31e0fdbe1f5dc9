/**
 * Responses of JSON.
 *
 * @module
 */
import { LocalResponseOptions } from "../http/local-response";
import { equalsIgnoringCase } from "../memory/text";

/** The options of a JSON response: `options` with a `content-type`, unless there is one. */
export function withJsonType(options: LocalResponseOptions | null): LocalResponseOptions {
  const all = new LocalResponseOptions();
  if (options !== null) {
    all.details = options.details;
    all.grpcStatus = options.grpcStatus;
    const headers = options.headers;
    for (let i = 0; i < headers.length; i++)
      if (headers[i].length > 0 && equalsIgnoringCase(headers[i][0], "content-type")) return options;
    all.headers = headers.slice(0);
  }
  all.headers.push(["content-type", "application/json"]);
  return all;
}
