import assert from "node:assert/strict";

function fastest(run: () => void): number {
  let best = Infinity;
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/**
 * Fails when `run` takes time that grows faster than its input: eight times the input may take 24 times as long (a
 * quadratic algorithm takes 64 times), unless all of it is quick.
 */
export function assertLinear(run: (size: number) => void, size = 1 << 17): void {
  run(size);
  const small = fastest(() => run(size));
  const large = fastest(() => run(size * 8));
  assert.ok(large < Math.max(24 * small, 20), `${size}: ${small} ms, ${size * 8}: ${large} ms`);
}
