/**
 * The answer to a request whose callback a bug in the filter has ended.
 *
 * @module
 */
import { GrpcStatus, Status } from "../abi/enums";
import { proxy_get_property, proxy_send_local_response } from "../abi/imports";
import { NO_PAIRS, NO_PAIRS_SIZE } from "../memory/pairs";
import { expectValue, receivedAddress, receivedSize } from "../memory/host-values";
import { OUT, mark, release, tryAllocate } from "../memory/scratch";
import { appendCharacters } from "../memory/text";
import { hasBugs } from "../runtime/bug";

/**
 * Answers the stream that is in effect with 500; the details, `bug_in_` and the plugin's name, tell those who read the access
 * log. The host resets the stream where a response has begun. Nothing is allocated, as memory may be what failed.
 */
export function sendFailure(): void {
  const before = mark();
  let details: usize = 0;
  let size: usize = 0;
  if (hasBugs) {
    const path = tryAllocate(16);
    if (path != 0) {
      appendCharacters(path, 0x6e5f6e6967756c70, 8); // "plugin_n"
      appendCharacters(path + 8, 0x656d61, 3); // "ame"
      expectValue();
      const found = proxy_get_property(path, 11, OUT, OUT + 4) == Status.Ok;
      const nameSize = found ? receivedSize() : 0;
      details = tryAllocate(nameSize + 8);
      if (details != 0) {
        size = appendCharacters(details, 0x5f6e695f677562, 7) - details; // "bug_in_"
        memory.copy(details + size, receivedAddress(), nameSize);
        size += nameSize;
      }
    }
  }
  proxy_send_local_response(500, details, size, 0, 0, NO_PAIRS, NO_PAIRS_SIZE, GrpcStatus.Unset);
  release(before);
}
