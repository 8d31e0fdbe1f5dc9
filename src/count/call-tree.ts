/**
 * Which function has called which, and how many operators each has executed there; in the form of Chrome's profiles.
 *
 * @module
 */
import type { HostCall } from "../host/index.js";
import type { Frames } from "./frames.js";

/** A function as a profile names it. Lines begin with 1. */
export interface FrameName {
  readonly name: string;
  /** A file or its address; empty for what has none. */
  readonly url: string;
  /** The line of its declaration; 0 for a function that has no place. */
  readonly line: number;
  /** How its operators spread over the lines of its file. */
  readonly lines: readonly (readonly [line: number, operators: number])[];
  /** Its operators in lines of other files that are no frames of their own. */
  readonly rest?: number;
  /** Functions of other files that the compiler has built into it: frames of their own. */
  readonly inlined?: readonly FrameName[];
}

/** A function of the module by its number, or a call of a host function, or of the module by the host, by its name. */
type Key = number | string;

interface Node {
  readonly key: Key;
  operators: number;
  readonly children: Map<Key, Node>;
}

/** The profile that Chrome's and speedscope's viewers open. */
export interface CpuProfile {
  readonly nodes: readonly object[];
  readonly startTime: number;
  readonly endTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Listens to a module with frames and to its host. */
export class CallTree implements Frames {
  private readonly root: Node = { key: "(root)", operators: 0, children: new Map() };
  private stack: Node[] = [this.root];
  private last = 0;

  /** `operators` tells how many were executed so far. */
  constructor(private readonly operators: () => number) {}

  readonly enter = (index: number): void => this.push(index);
  readonly leave = (index: number): void => this.pop(index);

  /** A call between host and module, as it begins and when it is over. */
  hostCall({ into, name, isOver }: HostCall): void {
    const key = into === "host" ? name : `→ ${name}`;
    if (isOver) return this.pop(key);
    this.push(key);
    if (into === "module") return;
    // The operator by which the module calls is the host's.
    this.top.operators++;
    this.stack.at(-2).operators--;
  }

  /** Forgets what was before: what is profiled begins now. */
  begin(): void {
    this.root.children.clear();
    this.stack = [this.root];
    this.last = this.operators();
  }

  /** The profile: an operator takes a microsecond in it. */
  profile(nameOf: (index: number) => FrameName): CpuProfile {
    this.tick();
    const nodes: object[] = [];
    const samples: number[] = [];
    const timeDeltas: number[] = [];
    let before = 0;
    const add = (frame: FrameName, hitCount: number): number[] => {
      const children: number[] = [];
      const id = nodes.length + 1;
      const { name: functionName, url, line, lines } = frame;
      nodes.push({
        id,
        callFrame: {
          functionName,
          scriptId: "0",
          url,
          lineNumber: line - 1,
          columnNumber: line === 0 ? -1 : 0,
        },
        hitCount,
        children,
        ...(lines.length > 0 && { positionTicks: ticksOf(frame, hitCount) }),
      });
      if (hitCount > 0) {
        samples.push(id);
        timeDeltas.push(before);
        before = hitCount;
      }
      return children;
    };
    const write = ({ key, operators, children }: Node): number => {
      const id = nodes.length + 1;
      const frame: FrameName =
        typeof key === "number" ? nameOf(key) : { name: key, url: "", line: 0, lines: [] };
      const { inlined = [] } = frame;
      const all = sumOf([frame, ...inlined]);
      const shares = inlined.map((part) => Math.round((operators * sumOf([part])) / all));
      const own = add(frame, operators - shares.reduce((sum, share) => sum + share, 0));
      inlined.forEach((part, i) => {
        own.push(nodes.length + 1);
        add(part, shares[i]!);
      });
      for (const child of children.values()) own.push(write(child));
      return id;
    };
    write(this.root);
    // The last sample has a time by the one after it.
    samples.push(1);
    timeDeltas.push(before);
    return {
      nodes,
      startTime: 0,
      endTime: timeDeltas.reduce((sum, time) => sum + time, 0),
      samples,
      timeDeltas,
    };
  }

  private get top(): Node {
    return this.stack.at(-1);
  }

  /** Adds the operators since the last event to the function that runs. */
  private tick(): void {
    const now = this.operators();
    this.top.operators += now - this.last;
    this.last = now;
  }

  private push(key: Key): void {
    this.tick();
    const { children } = this.top;
    let node = children.get(key);
    if (node === undefined) children.set(key, (node = { key, operators: 0, children: new Map() }));
    this.stack.push(node);
  }

  /** Leaves a function, and those above it that an exception has left. */
  private pop(key: Key): void {
    this.tick();
    const at = this.stack.findLastIndex((node) => node.key === key);
    if (at > 0) this.stack.length = at;
  }
}

/** So many operators over lines, in the proportion of what all calls of the function have executed there. */
function ticksOf(frame: FrameName, operators: number): { line: number; ticks: number }[] {
  const sum = sumOf([frame]);
  return frame.lines.map(([line, count]) => ({ line, ticks: Math.round((operators * count) / sum) }));
}

function sumOf(frames: readonly FrameName[]): number {
  const linesOf = ({ lines, rest = 0 }: FrameName): number =>
    lines.reduce((total, [, count]) => total + count, rest);
  return frames.reduce((sum, frame) => sum + linesOf(frame), 0);
}
