/**
 * The output of `replay`.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import type { ModuleStack } from "../host/index.js";
import { mapBeside, mapOf, ownStackLines, sourceDigests, stackLines } from "../places/index.js";
import type { PlaceMap } from "../places/index.js";
import type { Difference, Missing, Replayed, Trace, VmTrace } from "../replay/index.js";
import { bytes, color, count, shown, wrap } from "./output.js";

/** A replay that is over. */
export interface Report {
  readonly trace: Trace;
  readonly vm: VmTrace;
  readonly result: Replayed;
  /** The trace's file. */
  readonly file: string;
  /** The file of the module that ran. */
  readonly ran: string;
  /** The module that was named, and its file. */
  readonly shipped: Uint8Array;
  readonly wasm: string;
  readonly asJson: boolean;
}

/** The most missing values that are named. */
const MOST_NAMED = 20;

/** `VM 2, lines from 40, thread 17: 12 callbacks` */
function vmText({ number, line, thread, callbacks }: VmTrace): string {
  const on = thread === "" ? "" : `, thread ${thread}`;
  const failed = callbacks.some(({ end }) => end === "failed") ? ", one failed" : "";
  return `VM ${number}, from line ${line}${on}: ${count(callbacks.length, "callback")}${failed}`;
}

/** The most VMs that are listed. */
const MOST_LISTED = 10;

/** A list of VMs, with a mark at one of them. */
export function vmTexts(vms: readonly VmTrace[], marked?: VmTrace): string[] {
  const lines = vms
    .slice(0, MOST_LISTED)
    .map((one) => `${one === marked ? "> " : "  "}${wrap(vmText(one), 4, 2)}`);
  const more = vms.length - MOST_LISTED;
  return more > 0 ? [...lines, `  and ${more} more`] : lines;
}

export function printReplay(report: Report): void {
  if (report.asJson) {
    console.log(JSON.stringify(jsonOf(report), null, 2));
    return;
  }
  const { trace, vm, result, ran } = report;
  const say = (text: string): void => console.log(wrap(text));
  if (trace.vms.length > 1) {
    say(`The trace has ${count(trace.vms.length, "VM")}; this is VM ${vm.number}. Another one: --vm`);
    for (const line of vmTexts(trace.vms, vm)) console.log(line);
  }
  for (const note of trace.notes) say(note);
  if (vm.doubtful > 0)
    say(
      `${count(vm.doubtful, "callback")} may be of another VM of the thread: contexts have the same numbers there.`,
    );
  if (result.started)
    say("The trace begins after the VM's start, so the module was started without it (--config).");
  const done = `${count(result.callbacks, "callback")}, ${count(result.calls, "host call")}`;
  for (const { message, line, callback, stack } of result.bugs) {
    console.log(color.bold(wrap(`A bug in ${callback}, line ${line} of the trace:`)));
    console.log(`  ${wrap(message, 2)}`);
    for (const place of bugPlaces(stack, ran)) console.log(`    ${wrap(place, 6, 4)}`);
  }
  if (result.difference !== undefined) printDifference(result.difference, ran, done);
  else if (result.cutAt !== undefined) {
    const { name, line } = result.cutAt.callback;
    say(`The trace breaks off in ${name}, line ${line}; until there the module goes its way (${done}).`);
    for (const place of placesOf(result.cutAt.stack, ran)) console.log(`    ${wrap(place, 6, 4)}`);
  } else say(`The module goes the trace's way to the end: ${done}.`);
  printMissing(report);
  if (result.difference !== undefined) for (const note of changes(report)) say(note);
}

function printDifference(difference: Difference, ran: string, done: string): void {
  const { what, line, begins, callback, trace, module, stack } = difference;
  const at = line === begins ? `line ${line}` : `line ${line}, callback from line ${begins}`;
  console.log(color.bold(wrap(`They part in ${callback}, ${at}, after ${done}: ${what}.`)));
  console.log(`  trace   ${wrap(trace, 10)}`);
  console.log(`  module  ${wrap(module, 10)}`);
  for (const place of placesOf(stack, ran)) console.log(`    ${wrap(place, 6, 4)}`);
}

function printMissing({ trace, result }: Report): void {
  const { missing } = result;
  if (missing.length === 0) return;
  const all = named(missing);
  console.log(
    wrap(
      trace.by === "Envoy"
        ? "Envoy's log does not have these; other bytes of their size stood in for them:"
        : "The trace does not have these; other bytes of their size stood in for them:",
    ),
  );
  for (const { name, sizes, line } of all.slice(0, MOST_NAMED)) {
    const size = sizes.length === 0 ? "a number" : `${sizes.join(", ")} ${sizes[0] === 1 ? "byte" : "bytes"}`;
    console.log(`  ${wrap(`${name}: ${size}, line ${line}`, 4, 2)}`);
  }
  if (all.length > MOST_NAMED) console.log(`  and ${all.length - MOST_NAMED} more`);
  console.log(
    wrap(
      `Give what you know: --value '${all[0]!.name}=…'. A complete trace comes from "proxy-wasm-as run --record FILE" or "test --record FILE".`,
    ),
  );
}

/** The missing values, each name once. */
function named(missing: readonly Missing[]): { name: string; sizes: number[]; line: number }[] {
  const all = new Map<string, { name: string; sizes: number[]; line: number }>();
  for (const { name, size, line } of missing) {
    let one = all.get(name);
    if (one === undefined) all.set(name, (one = { name, sizes: [], line }));
    if (size !== undefined && !one.sizes.includes(size) && one.sizes.length < 5) one.sizes.push(size);
  }
  return [...all.values()];
}

/** The position of the module: in the sources of its author if its map is known. */
function placesOf(stack: ModuleStack | undefined, ran: string): string[] {
  if (stack === undefined || stack.frames.length === 0) return [];
  const map = mapFor(stack.wasm, ran);
  if (map !== undefined) return stackLines(map, stack.frames);
  return stack.frames.slice(0, 5).map(({ name, index }) => `at ${name ?? `wasm-function[${index}]`}`);
}

/** The position of a bug. One that the SDK has contained is told when its functions have been left: its message has the place. */
function bugPlaces(stack: ModuleStack | undefined, ran: string): string[] {
  const map = stack === undefined ? undefined : mapFor(stack.wasm, ran);
  return map === undefined ? placesOf(stack, ran) : ownStackLines(map, stack!.frames);
}

function mapFor(wasm: Uint8Array, ran: string): PlaceMap | undefined {
  return mapOf(wasm) ?? mapBeside(ran, wasm) ?? mapBeside(ran, readFileSync(ran));
}

/**
 * Reasons why a module goes another way than that of the trace: sources that have changed, or another module. Builds of the same
 * sources differ in size and go the same way.
 */
function changes({ vm, shipped, wasm }: Report): string[] {
  const map = mapBeside(wasm, shipped);
  const now = new Map(Object.entries(map === undefined ? {} : sourceDigests(map)));
  const both = [...(vm.sources ?? [])].filter(([name]) => now.has(name));
  const changed = both.filter(([name, digest]) => now.get(name) !== digest).map(([name]) => name);
  if (changed.length > 0) return [`Changed since the trace was recorded: ${changed.join(", ")}.`];
  if (both.length > 0 || vm.size === undefined || vm.size === shipped.length) return [];
  return [
    `The trace was recorded with another module, or another build of it: that one had ${bytes(vm.size)}, ${shown(wasm)} has ${bytes(shipped.length)}.`,
  ];
}

function jsonOf(report: Report): object {
  const { trace, vm, result, ran } = report;
  const { end, callbacks, calls, difference, bugs, missing, cutAt } = result;
  return {
    ...{ end, callbacks, calls },
    vm: vm.number,
    vms: trace.vms.map(({ number, line, thread, callbacks: all }) => ({
      ...{ number, line, thread, callbacks: all.length },
    })),
    notes: [...trace.notes, ...(difference === undefined ? [] : changes(report))],
    ...(difference !== undefined && {
      difference: { ...difference, stack: placesOf(difference.stack, ran) },
    }),
    ...(cutAt !== undefined && {
      cutAt: { callback: cutAt.callback.name, stack: placesOf(cutAt.stack, ran) },
    }),
    bugs: bugs.map((bug) => ({ ...bug, stack: bugPlaces(bug.stack, ran) })),
    missing,
  };
}
