/**
 * Decides from the resolved program which callbacks a module exports, and which guards it carries.
 *
 * A guess may add a guard or cost bytes; it never removes a guard or an export. So each decision that leaves something out needs
 * certain facts. A mere name counts as the use that it could be.
 *
 * @module
 */
import type { Program, Source } from "assemblyscript";
import { findFlowUses } from "../flow/flow-callbacks.js";
import { dropsBodies, flagsOf } from "../source/header-flags.js";
import { findHeaderLiterals } from "../source/header-literals.js";
import { amountOfReads } from "../source/header-reads.js";
import { mayHoldParts, mayLetPartsGo } from "../source/held-parts.js";
import { findLateWrites } from "../source/late-writes.js";
import { canShareStreams } from "../source/shared-streams.js";
import {
  actsFromElsewhere,
  canNest,
  findUses,
  resumes,
  resumesBoth,
  tick,
  usesMember,
} from "../source/implied-callbacks.js";
import { isTrapping } from "../contain/names.js";
import type { Callback } from "./callbacks.js";
import { files } from "./callbacks.js";
import { checkErrorHandlers, checkRegistered, checkStrangers } from "./checks.js";
import { callbacksFor, findContexts, isStream } from "./contexts.js";
import { mayCompose, mayReuseContexts } from "./made-contexts.js";
import type { Registrations } from "./registrations.js";
import { findRegistrations } from "./registrations.js";
import { warnOfTrailers } from "./trailers.js";

/** The decisions about a module. */
export interface Decisions {
  readonly registrations: Registrations;
  /** The callbacks to export. */
  readonly callbacks: ReadonlySet<string>;
  /** The constants that assembly/runtime/build.ts asks for. */
  readonly defines: ReadonlySet<string>;
}

/** Decides, and fails the build where a filter would do nothing or something else than it says. */
export function decide(program: Program, sources: readonly Source[], flow: boolean): Decisions {
  const contexts = findContexts(program);
  const registrations = findRegistrations(program, sources);
  checkStrangers(contexts, sources);
  checkRegistered(registrations, contexts);
  checkErrorHandlers(contexts, isTrapping(program));
  warnOfTrailers(program, contexts);

  const defines = new Set<string>();
  const define = (name: string): void => void defines.add(`PROXY_WASM_${name}`);
  const { calls, mayBeMore } = registrations;
  const [first] = calls;
  const literals = findHeaderLiterals(sources);
  const composes = mayCompose(program, sources, contexts);
  if (composes) define("MAY_COMPOSE");
  // Names of a plugin's own are known by the plugin that a stream belongs to, and by its configuration.
  const ownNames = sources.some(({ text }) => /\bShared(Data|Queue)\b/.test(text));
  const holdsParts = mayHoldParts(program, sources, flow);
  if (holdsParts) define("HOLDS_PARTS");
  const letsGo = mayLetPartsGo(sources, flow);
  if (letsGo) define("LETS_PARTS_GO");
  const shared =
    !composes &&
    !ownNames &&
    !holdsParts &&
    !letsGo &&
    canShareStreams(registrations, sources) &&
    !literals.drops;
  if (shared) define("SHARED_STREAMS");
  if (contexts.some(({ handlesErrors }) => handlesErrors)) define("ON_ERROR");
  if (sources.some(({ text }) => /\bcountBugs\b/.test(text))) define("COUNTS_BUGS");
  const mayDouble = mayBeMore || calls.some(({ rootId }) => rootId === undefined);
  if (mayDouble) define("MAY_REGISTER_TWICE");
  if (mayDouble || calls.length > 1 || first!.rootId !== "") define("ROOT_IDS");
  if (flow && !mayDouble && calls.filter(({ isFlow }) => isFlow).length === 1) define("FLOW_ONE");
  if (mayReuseContexts(contexts)) define("MAY_REUSE_CONTEXTS");
  if (usesMember(sources, "trailers")) define("TRAILERS");
  for (const flag of flagsOf(literals)) define(flag);
  const reads = amountOfReads(sources);
  if (reads !== "one") define("MANY_READS");
  if (reads === "many") define("INDEXED_READS");

  const uses: Callback[] = findUses(sources);
  if (letsGo) uses.push(tick);
  // An exchange of a flow guards itself: only classes act upon the streams of others.
  const acts = flow && !contexts.some(isStream) ? uses.length > 0 : actsFromElsewhere(sources, uses);
  // Otherwise streams are acted upon in their own callbacks only.
  if (acts && resumesBoth(sources)) {
    define("RESUMES_BOTH");
    uses.push(tick);
  }
  const hasTrailers = callbacksFor(contexts).some(({ callback }) => callback.endsWith("_trailers"));
  if (acts && !shared && hasTrailers && resumes(sources)) {
    define("RESUMES_HELD");
    uses.push(tick);
  }
  if (flow) uses.push(...findFlowUses(sources, define));
  // A call's failure is no moment to break off what was begun in it, or to let a request go on.
  if (usesMember(sources, "grpcStream") && usesMember(sources, "cancel")) uses.push(tick);
  const handlesErrors = defines.has("PROXY_WASM_ON_ERROR");
  const resumesRequests = flow || handlesErrors || usesMember(sources, "resumeRequest");
  const resumesAfterCalls = resumesRequests && uses.some(({ file }) => file === "calls");
  if (resumesAfterCalls) define("RESUMES_AFTER_CALLS");
  if (resumesAfterCalls && handlesErrors) uses.push(tick);
  const timers = uses.some(({ callback }) => callback === tick.callback);
  if (timers) define("TIMERS");
  if (!shared && (timers || acts)) define("SHARED_TURNS");
  // These ticks tell nobody anything, and no two of them concern one stream.
  if (resumesAfterCalls) uses.push(tick);
  // From `onLog` on, Envoy crashes on what is done to a stream, and others still run before `onDone`.
  if (!shared && actsFromElsewhere(sources, uses)) uses.push({ file: "lifecycle", callback: "proxy_on_log" });
  if (canNest(uses)) define("NESTING");

  const callbacks = new Set(["proxy_abi_version_0_2_1", "proxy_on_memory_allocate"]);
  if (!shared) callbacks.add("proxy_on_context_create").add("proxy_on_delete");
  // A plugin that nothing is registered for, or more than one, must refuse its configuration; one without a name is known by it.
  if (ownNames || mayDouble || calls.every(({ rootId }) => rootId !== ""))
    callbacks.add("proxy_on_configure");
  // The context that refuses in the place of one that was made before.
  if (defines.has("PROXY_WASM_MAY_REUSE_CONTEXTS"))
    callbacks.add("proxy_on_request_headers").add("proxy_on_new_connection");
  for (const { callback } of [...callbacksFor(contexts), ...uses]) callbacks.add(callback);
  const lateWrites = findLateWrites(sources, callbacks);
  if (lateWrites !== "none") define("WRITES_LATE");
  if (lateWrites === "while held") define("WRITES_WHILE_HELD");
  // The end of a response can wait only for what comes from elsewhere.
  const waits =
    (flow && uses.some(({ file }) => file === "calls" || file === "services")) ||
    usesMember(sources, "resumeResponse");
  if (waits && !shared && [...callbacks].some((name) => name.startsWith("proxy_on_response_"))) {
    define("HOLDS_RESPONSES");
    callbacks.add("proxy_on_response_headers");
  }
  for (const part of ["request_headers", "request_body", "response_headers", "response_body"])
    if (!callbacks.has(`proxy_on_${part}`)) define(`NO_${part.toUpperCase()}`);
  if (dropsBodies(literals, callbacks, shared)) define("DROPS_BODIES");
  if (files.tcp.some((name) => callbacks.has(name))) define("TCP");
  return { registrations, callbacks, defines };
}
