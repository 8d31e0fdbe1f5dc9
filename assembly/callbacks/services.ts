/**
 * The callbacks for timers, queues and foreign functions; the host always names a plugin.
 *
 * @module
 */
import { BufferType } from "../abi/enums";
import { pluginById } from "../context/by-id";
import { noteTold } from "../context/call-callback";
import { HttpContext } from "../context/http-context";
import { takePutOff } from "../context/next-tick";
import { timersOf } from "../context/timers";
import { cast } from "../memory/cast";
import { RESUMES_AFTER_CALLS, TIMERS } from "../runtime/build";
import { Target } from "../runtime/target";
import { Phase, enter, leave, noteTick } from "../runtime/current-callback";
import { readBufferBytes } from "../services/buffer";
import { SharedQueue } from "../context/shared-queue";

export function proxy_on_tick(id: u32): void {
  enter(id, Phase.Plugin);
  noteTick();
  // A bug may have ended the callback that noted it: what waits for this tick would be put off again and again.
  if (RESUMES_AFTER_CALLS) noteTold(null);
  if (RESUMES_AFTER_CALLS && !TIMERS) {
    let one = takePutOff();
    while (one !== null) {
      cast<Target, HttpContext>(one.stream).resumeRequest();
      one = one.next;
    }
  } else {
    const plugin = pluginById(id);
    if (plugin !== null) {
      const timers = timersOf(plugin);
      if (timers !== null) timers.tick(plugin);
    }
  }
  leave();
}

export function proxy_on_queue_ready(id: u32, queue: u32): void {
  enter(id, Phase.Plugin);
  const plugin = pluginById(id);
  if (plugin !== null) plugin.onQueueReady(new SharedQueue(queue));
  leave();
}

export function proxy_on_foreign_function(id: u32, functionId: u32, size: u32): void {
  enter(id, Phase.Plugin);
  const plugin = pluginById(id);
  const data = readBufferBytes(BufferType.CallData);
  if (plugin !== null) plugin.onForeignFunction(functionId, data !== null ? data : new Uint8Array(0));
  leave();
}
