/**
 * SHA-256 (FIPS 180-4) over memory.
 *
 * @module
 */

/** The fractions of the cube roots of the first 64 primes. */
const ROUNDS: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);

/** The fractions of the square roots of the first 8 primes. */
const START: usize = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

/** The message schedule of the block at hand. */
const SCHEDULE: usize = memory.data(256, 16);

/** A key, with zeros up to a block. */
const PADDED_KEY: usize = memory.data(64, 16);

/** The size of the blocks that are hashed one by one. */
export const SHA256_BLOCK = 64;

const BLOCK: usize = SHA256_BLOCK;
const BUFFER: usize = 32;
const LENGTH: usize = BUFFER + BLOCK;

/** The size of a state: eight words of hash, a block that is not full yet, and the length so far. */
export const SHA256_STATE = 104;

/** A state for `sha256Update`, at its beginning. */
export function sha256Begin(state: StaticArray<u8>): void {
  memory.copy(changetype<usize>(state), START, 32);
  store<u64>(changetype<usize>(state), 0, LENGTH);
}

/** Hashes `size` more bytes. */
export function sha256Update(state: StaticArray<u8>, address: usize, size: usize): void {
  const base = changetype<usize>(state);
  const length = load<u64>(base, LENGTH);
  store<u64>(base, length + size, LENGTH);
  const filled = (<usize>length) & (BLOCK - 1);
  if (filled > 0) {
    const taken = min(BLOCK - filled, size);
    memory.copy(base + BUFFER + filled, address, taken);
    if (filled + taken < BLOCK) return;
    compress(base, base + BUFFER);
    address += taken;
    size -= taken;
  }
  for (; size >= BLOCK; size -= BLOCK, address += BLOCK) compress(base, address);
  memory.copy(base + BUFFER, address, size);
}

/** Writes the 32 bytes of the hash to `target`, and wipes the state. */
export function sha256End(state: StaticArray<u8>, target: usize): void {
  const base = changetype<usize>(state);
  const length = load<u64>(base, LENGTH);
  let filled = (<usize>length) & (BLOCK - 1);
  store<u8>(base + BUFFER + filled++, 0x80);
  memory.fill(base + BUFFER + filled, 0, BLOCK - filled);
  if (filled > BLOCK - 8) {
    compress(base, base + BUFFER);
    memory.fill(base + BUFFER, 0, BLOCK);
  }
  // In bits, the upper half in front.
  store<u64>(base, turned(rotr<u64>(length << 3, 32)), BUFFER + BLOCK - 8);
  compress(base, base + BUFFER);
  for (let i: usize = 0; i < 32; i += 8) store<u64>(target + i, turned(load<u64>(base + i)));
  memory.fill(base, 0, SHA256_STATE);
  memory.fill(SCHEDULE, 0, 256);
}

/** Begins the two hashes of an HMAC (RFC 2104) under a key of at most a block, with the key in each of them. */
export function hmacBegin(inner: StaticArray<u8>, outer: StaticArray<u8>, key: usize, size: usize): void {
  memory.fill(PADDED_KEY, 0, BLOCK);
  memory.copy(PADDED_KEY, key, size);
  mix(0x3636363636363636);
  sha256Update(inner, PADDED_KEY, BLOCK);
  mix(0x3636363636363636 ^ 0x5c5c5c5c5c5c5c5c);
  sha256Update(outer, PADDED_KEY, BLOCK);
  memory.fill(PADDED_KEY, 0, BLOCK);
}

/** Mixes `pad` into each eight bytes of the key. */
function mix(pad: u64): void {
  for (let at = PADDED_KEY; at < PADDED_KEY + BLOCK; at += 8) store<u64>(at, load<u64>(at) ^ pad);
}

/** Two words whose bytes stand the other way round. */
function turned(words: u64): u64 {
  const pairs = ((words >> 8) & 0x00ff00ff00ff00ff) | ((words & 0x00ff00ff00ff00ff) << 8);
  return ((pairs >> 16) & 0x0000ffff0000ffff) | ((pairs & 0x0000ffff0000ffff) << 16);
}

/** The words of the message's schedule that are mixed into later ones. */
// @ts-ignore: decorator
@inline
function small(word: u32): u32 {
  return rotr<u32>(word, 7) ^ rotr<u32>(word, 18) ^ (word >> 3);
}

// @ts-ignore: decorator
@inline
function large(word: u32): u32 {
  return rotr<u32>(word, 17) ^ rotr<u32>(word, 19) ^ (word >> 10);
}

/** The first of the two sums of a round, of the words that it names so, with the round's key and word of the message. */
// @ts-ignore: decorator
@inline
function first(e: u32, f: u32, g: u32, h: u32, key: u32, word: u32): u32 {
  return h + (rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25)) + (((f ^ g) & e) ^ g) + key + word;
}

/** The second one. */
// @ts-ignore: decorator
@inline
function second(a: u32, b: u32, c: u32): u32 {
  return (rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22)) + (((a | b) & c) | (a & b));
}

/** Mixes the 64 bytes at `block` into the hash at `state`. */
function compress(state: usize, block: usize): void {
  for (let i: usize = 0; i < 64; i += 8) store<u64>(SCHEDULE + i, turned(load<u64>(block + i)));
  for (let at = SCHEDULE; at < SCHEDULE + 192; at += 8) {
    store<u32>(
      at,
      load<u32>(at) + small(load<u32>(at, 4)) + load<u32>(at, 36) + large(load<u32>(at, 56)),
      64,
    );
    store<u32>(
      at,
      load<u32>(at, 4) + small(load<u32>(at, 8)) + load<u32>(at, 40) + large(load<u32>(at, 60)),
      68,
    );
  }
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let d = load<u32>(state, 12);
  let e = load<u32>(state, 16);
  let f = load<u32>(state, 20);
  let g = load<u32>(state, 24);
  let h = load<u32>(state, 28);
  // Eight rounds give each word its name again, without one of them being moved.
  let key = ROUNDS;
  for (let word = SCHEDULE; word < SCHEDULE + 256; word += 32) {
    let sum = first(e, f, g, h, load<u32>(key, 0), load<u32>(word, 0));
    d += sum;
    h = sum + second(a, b, c);
    sum = first(d, e, f, g, load<u32>(key, 4), load<u32>(word, 4));
    c += sum;
    g = sum + second(h, a, b);
    sum = first(c, d, e, f, load<u32>(key, 8), load<u32>(word, 8));
    b += sum;
    f = sum + second(g, h, a);
    sum = first(b, c, d, e, load<u32>(key, 12), load<u32>(word, 12));
    a += sum;
    e = sum + second(f, g, h);
    sum = first(a, b, c, d, load<u32>(key, 16), load<u32>(word, 16));
    h += sum;
    d = sum + second(e, f, g);
    sum = first(h, a, b, c, load<u32>(key, 20), load<u32>(word, 20));
    g += sum;
    c = sum + second(d, e, f);
    sum = first(g, h, a, b, load<u32>(key, 24), load<u32>(word, 24));
    f += sum;
    b = sum + second(c, d, e);
    sum = first(f, g, h, a, load<u32>(key, 28), load<u32>(word, 28));
    e += sum;
    a = sum + second(b, c, d);
    key += 32;
  }
  store<u32>(state, load<u32>(state) + a);
  store<u32>(state, load<u32>(state, 4) + b, 4);
  store<u32>(state, load<u32>(state, 8) + c, 8);
  store<u32>(state, load<u32>(state, 12) + d, 12);
  store<u32>(state, load<u32>(state, 16) + e, 16);
  store<u32>(state, load<u32>(state, 20) + f, 20);
  store<u32>(state, load<u32>(state, 24) + g, 24);
  store<u32>(state, load<u32>(state, 28) + h, 28);
}
