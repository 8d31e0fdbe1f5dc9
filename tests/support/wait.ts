/** The ways in which tests wait. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds that something may take to come: long, because the machine may be busy. */
const PATIENCE = 20_000;

/** Waits until a condition holds. */
export async function until(condition: () => unknown, patience = PATIENCE): Promise<void> {
  for (const deadline = Date.now() + patience; !(await condition()); await sleep(5))
    assert.ok(Date.now() < deadline, `not within ${patience} ms: ${condition}`);
}

/** Waits until what is read is `expected`; fails with what it was at last. */
export async function becomes<T>(read: () => T | Promise<T>, expected: T): Promise<void> {
  let latest = await read();
  for (const deadline = Date.now() + PATIENCE; latest !== expected && Date.now() < deadline;) {
    await sleep(5);
    latest = await read();
  }
  assert.equal(latest, expected);
}

/**
 * Lets time pass. The reason says why no condition would do: a peer is slow, a client sends its bytes one by one, or nothing may
 * happen meanwhile.
 */
export async function pass(milliseconds: number, _reason: string): Promise<void> {
  await sleep(milliseconds);
}
