/** Faults that no test can see, and why. */

const reasons: readonly (readonly [file: string, was: string, text: string, reason: string])[] = [
  [
    "assembly/context/own-names.ts",
    "moved",
    "true",
    "the host is told once more to act upon the context upon which it acts already",
  ],
  [
    "assembly/context/pending-calls.ts",
    "*",
    "+",
    "each call is found in its list; the lists are only less even",
  ],
  [
    "assembly/context/deferred-reply.ts",
    "forgetSnapshots()",
    ";",
    "a header map that comes with this answer is there only if the answer has called back, which forgets the copies",
  ],
  [
    "assembly/http/failure.ts",
    "hasBugs",
    "true",
    "without bugs only the want of memory ends a callback; the answer has details then that nobody needs, if there is room for them",
  ],
  [
    "assembly/context/json-response.ts",
    "0",
    "1",
    "a header that is a name alone is refused, whatever stands beside it",
  ],
  [
    "assembly/flow/fiber.ts",
    "current = before;",
    ";",
    "Envoy and the embedded host delete no stream while they are called from another one; a host that does is guarded against",
  ],
  ["assembly/http/header-writes.ts", "DEBUG", "true", "`explain` does nothing in a module for production"],
  [
    "src/transform/flow/flow-callbacks.ts",
    '"text"',
    '""',
    "a module that reads requests' bodies carries what reads those of answers: bytes, which golden files hold",
  ],
  ["src/transform/compiler/operator-meaning.ts", "32", "32 + 1", "no type has 33 bits"],
  [
    "src/transform/index.ts",
    "usesHeap(this.program)",
    "true",
    "the guarded step finds nothing to do: what it looks for is there with the SDK's memory manager alone",
  ],
  [
    "src/transform/program/decide.ts",
    "composes",
    "true",
    "a module carries what parts need without having any: bytes, which golden files hold",
  ],
];

export function reasonOf(file: string, was: string, text: string): string | undefined {
  return reasons.find(([a, b, c]) => a === file && b === was && c === text)?.[3];
}
