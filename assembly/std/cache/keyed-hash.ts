/**
 * A hash with a secret: who does not know it cannot find texts that fall together.
 *
 * @module
 */
import { unitAt } from "../../memory/utf16";
import { clock } from "../../services/clock";

/** The 64-bit hash of `text` under `seed`. */
export function keyedHash(text: string, seed: u64): u64 {
  let one = seed ^ 0x9e3779b97f4a7c15;
  let other = rotl<u64>(seed, 32) ^ 0xc2b2ae3d27d4eb4f;
  for (let i = 0, length = text.length; i < length; i++) {
    one = rotl<u64>(one ^ unitAt(text, i), 23) * 0x9fb21c651e98df25;
    other = (other ^ one) * 0xd6e8feb86659fd93;
  }
  return mixed(one ^ rotl<u64>(other, 29));
}

/** A seed that others do not know: nanoseconds, of which nobody outside sees the last ones. */
export function newSeed(): u64 {
  return mixed(clock.now());
}

function mixed(value: u64): u64 {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}
