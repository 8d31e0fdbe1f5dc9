/// <reference path="build.d.ts" />
/**
 * The line in the log that a bug in the filter leaves.
 *
 * @module
 */
import { LogLevel, Status } from "../abi/enums";
import { proxy_get_property, proxy_log } from "../abi/imports";
import { expectValue, receivedAddress, receivedSize } from "../memory/host-values";
import { OUT, emergency, release, tryAllocate } from "../memory/scratch";
import { appendEntry, entryText } from "../memory/entries";
import { appendCharacters } from "../memory/text";
import { appendPosition, messagePlace, messageSize, raise, setMessage } from "./abort";
import { callbackMark, inCallback } from "./current-callback";
import { noteEntry } from "./thrown";

/** Room behind a message for what is added to it; the longest id of a request that is. */
const ROOM: usize = 768;
const MAX_ID: usize = 128;

/** Tells whether anything but the want of memory can end a callback; the build says so. */
export let hasBugs: bool = true;

/** The address of the names of the filter's files and callbacks, which the build has written. */
let entries: usize = 0;

/** A bug whose message, and whose place, the build knows: ends the callback as `abort` does. */
export function fail(message: u32, place: u32): void {
  const start = emergency();
  const end = appendEntry(appendCharacters(start, 0x203a74726f6261, 7), entries + message); // "abort: "
  setMessage(end - start, place);
  if (isDefined(PROXY_WASM_TRY)) noteEntry(<u32>entries + message);
  raise();
}

/** A place as text: `assembly/index.ts:5:9`. */
export function placeText(place: u32): string {
  if (place == 0) return "";
  const file = entryText(entries + (place >> 21));
  return `${file}:${((place >> 8) & 0x1fff).toString()}:${(place & 0xff).toString()}`;
}

/**
 * Logs the bug that has ended the callback whose name is so far into the entries: what, where, in which callback, and for which
 * request. All scratch memory of the callback is free afterwards.
 */
export function report(callback: u32): void {
  release(callbackMark());
  const start = emergency();
  tryAllocate(messageSize + ROOM);
  let end = start + messageSize;
  if (hasBugs) {
    if (messagePlace != 0) {
      end = appendCharacters(end, 0x20746120, 4); // " at "
      end = appendEntry(end, entries + (messagePlace >> 21));
      end = appendPosition(end, (messagePlace >> 8) & 0x1fff, messagePlace & 0xff);
    }
    end = appendCharacters(end, 0x206e6920, 4); // " in "
    end = appendEntry(end, entries + callback);
    if (inCallback()) end = appendRequest(end);
  }
  proxy_log(LogLevel.Critical, start, end - start);
}

/** Names the request, where it has an id: `x-request-id`. */
function appendRequest(target: usize): usize {
  const path = tryAllocate(16);
  if (path == 0) return target;
  appendCharacters(path, 0x0074736575716572, 8); // "request\0"
  appendCharacters(path + 8, 0x6469, 2); // "id"
  expectValue();
  if (proxy_get_property(path, 10, OUT, OUT + 4) != Status.Ok || receivedSize() == 0) return target;
  target = appendCharacters(target, 0x6575716572202c, 7); // ", reque"
  target = appendCharacters(target, 0x207473, 3); // "st "
  const size = min(receivedSize(), MAX_ID);
  memory.copy(target, receivedAddress(), size);
  return target + size;
}
