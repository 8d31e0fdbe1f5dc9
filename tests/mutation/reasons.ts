/** Faults that no test can see, and why. */

const reasons: readonly (readonly [file: string, was: string, text: string, reason: string])[] = [
  [
    "assembly/context/pending-calls.ts",
    "if (findTarget(context.contextId) !== context) return false;",
    "",
    "what leaves the table is marked as gone, which the next line asks for; the named fault of that mark is seen",
  ],
  [
    "src/host/server/downstream.ts",
    "incoming.resume(); // what is left of the request stands before the connection's next one",
    "",
    "Node 20 to 24 read by themselves what nobody has read of a request whose response has ended",
  ],
];

export function reasonOf(file: string, was: string, text: string): string | undefined {
  return reasons.find(([a, b, c]) => a === file && b === was && c === text)?.[3];
}
