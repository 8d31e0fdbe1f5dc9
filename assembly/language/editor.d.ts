/// <reference types="assembly" />
/**
 * What editors are told beyond AssemblyScript's own declarations: what the build makes of TypeScript's own lists, texts, Maps, Sets,
 * numbers and regular expressions. `index.ts` refers to it, so that each project has it.
 */
interface SymbolConstructor {
  readonly iterator: unique symbol;
}

interface IteratorResult<T> {
  readonly done?: boolean;
  readonly value: T;
}
interface Iterator<T, R = unknown, N = unknown> {
  next(): IteratorResult<T>;
}
interface Iterable<T, R = unknown, N = unknown> {
  [Symbol.iterator](): Iterator<T, R, N>;
}
interface IterableIterator<T, R = unknown, N = unknown> extends Iterator<T, R, N>, Iterable<T, R, N> {}
/** A list that `keys()` and the like answer, which is also asked for its first. */
interface ListIterator<T> extends Array<T> {
  next(): IteratorResult<T>;
}

interface Array<T> extends Iterable<T> {
  concat(...items: (T | readonly T[])[]): T[];
  entries(): ListIterator<[number, T]>;
  fill(value: T, start?: number, end?: number): this;
  filter<S extends T>(test: (value: T, index: number, list: T[]) => value is S): S[];
  filter(test: (value: T, index: number, list: T[]) => unknown): T[];
  every(test: (value: T, index: number, list: T[]) => unknown): boolean;
  find<S extends T>(test: (value: T, index: number, list: T[]) => value is S): S | undefined;
  find(test: (value: T, index: number, list: T[]) => unknown): T | undefined;
  findIndex(test: (value: T, index: number, list: T[]) => unknown): number;
  findLast(test: (value: T, index: number, list: T[]) => unknown): T | undefined;
  flatMap<U>(make: (value: T, index: number, list: T[]) => U[]): U[];
  keys(): ListIterator<number>;
  map<U>(make: (value: T, index: number, list: T[]) => U): U[];
  push(...values: T[]): number;
  reduce(join: (before: T, value: T, index: number, list: T[]) => T): T;
  some(test: (value: T, index: number, list: T[]) => unknown): boolean;
  sort(compare?: (a: T, b: T) => number): this;
  splice(start: number, count?: number, ...values: T[]): T[];
  toReversed(): T[];
  toSorted(compare?: (a: T, b: T) => number): T[];
  toSpliced(start: number, count?: number, ...values: T[]): T[];
  unshift(...values: T[]): number;
  values(): ListIterator<T>;
  with(index: number, value: T): T[];
}
declare namespace Array {
  function from<T>(values: Iterable<T>): T[];
  function from<T, U>(values: Iterable<T>, make: (value: T, index: number) => U): U[];
  function from<U>(values: { readonly length: number }, make: (value: undefined, index: number) => U): U[];
  function of<T>(...values: T[]): T[];
}
interface ReadonlyArray<T> extends Iterable<T> {
  readonly [index: number]: T;
  readonly length: number;
  at(index: number): T | undefined;
  concat(...items: (T | readonly T[])[]): T[];
  entries(): ListIterator<[number, T]>;
  every(test: (value: T, index: number, list: readonly T[]) => unknown): boolean;
  filter(test: (value: T, index: number, list: readonly T[]) => unknown): T[];
  find(test: (value: T, index: number, list: readonly T[]) => unknown): T | undefined;
  findIndex(test: (value: T, index: number, list: readonly T[]) => unknown): number;
  flatMap<U>(make: (value: T, index: number, list: readonly T[]) => U[]): U[];
  forEach(use: (value: T, index: number, list: readonly T[]) => void): void;
  includes(value: T, from?: number): boolean;
  indexOf(value: T, from?: number): number;
  join(separator?: string): string;
  keys(): ListIterator<number>;
  lastIndexOf(value: T, from?: number): number;
  map<U>(make: (value: T, index: number, list: readonly T[]) => U): U[];
  reduce(join: (before: T, value: T, index: number, list: readonly T[]) => T): T;
  reduce<U>(join: (before: U, value: T, index: number, list: readonly T[]) => U, first: U): U;
  slice(from?: number, to?: number): T[];
  some(test: (value: T, index: number, list: readonly T[]) => unknown): boolean;
  toReversed(): T[];
  toSorted(compare?: (a: T, b: T) => number): T[];
  values(): ListIterator<T>;
}
interface TypedArray<T> extends Iterable<T> {}
interface Int8Array extends Iterable<number> {}
interface Uint8Array extends Iterable<number> {}
interface StaticArray<T> extends Iterable<T> {}
declare namespace Uint8Array {
  function from(values: Iterable<number>): Uint8Array;
}

interface Map<K, V> extends Iterable<[K, V]> {
  entries(): ListIterator<[K, V]>;
  forEach(use: (value: V, key: K, map: Map<K, V>) => void): void;
  keys(): ListIterator<K>;
  values(): ListIterator<V>;
}
interface Set<K> extends Iterable<K> {
  difference(other: Set<K>): Set<K>;
  entries(): ListIterator<[K, K]>;
  forEach(use: (value: K, again: K, set: Set<K>) => void): void;
  intersection(other: Set<K>): Set<K>;
  keys(): ListIterator<K>;
  union(other: Set<K>): Set<K>;
  values(): ListIterator<K>;
}
type ReadonlyMap<K, V> = Map<K, V>;
type ReadonlySet<K> = Set<K>;

type Record<K extends string | number, T> = { [P in K]: T };
type Readonly<T> = { readonly [P in keyof T]: T[P] };
type Required<T> = { [P in keyof T]-?: T[P] };
type Pick<T, K extends keyof T> = { [P in K]: T[P] };
type Omit<T, K extends string | number> = { [P in Exclude<keyof T, K>]: T[P] };
type Exclude<T, U> = T extends U ? never : T;
type Extract<T, U> = T extends U ? T : never;

interface RegExp {
  exec(text: string): RegExpExecArray | null;
  readonly flags: string;
  readonly global: boolean;
  lastIndex: number;
  readonly source: string;
  test(text: string): boolean;
}
declare const RegExp: new (pattern: string, flags?: string) => RegExp;
interface RegExpMatchArray extends Array<string> {
  readonly groups?: { [name: string]: string };
  readonly index?: number;
}
interface RegExpExecArray extends Array<string> {
  readonly groups?: { [name: string]: string };
  readonly index: number;
}

interface String extends Iterable<string> {
  concat(...others: string[]): string;
  endsWith(other: string, end?: number): boolean;
  includes(other: string, from?: number): boolean;
  match(pattern: RegExp): RegExpMatchArray | null;
  matchAll(pattern: RegExp): ListIterator<RegExpExecArray>;
  replace(
    pattern: RegExp | string,
    replacement: string | ((match: string, ...parts: any[]) => string),
  ): string;
  replaceAll(
    pattern: RegExp | string,
    replacement: string | ((match: string, ...parts: any[]) => string),
  ): string;
  search(pattern: RegExp): number;
  split(separator: RegExp | string, limit?: number): string[];
  startsWith(other: string, from?: number): boolean;
}
declare function String(value?: unknown): string;

interface _Float {
  toFixed(digits?: number): string;
  toString(radix?: number): string;
}
declare function _Float(value?: unknown): number;
interface Boolean {
  valueOf(): boolean;
}
declare function Boolean(value?: unknown): boolean;
interface BigInt {
  toString(radix?: number): string;
}

interface Object {
  toString(): string;
}
declare namespace Object {
  function assign<T, U>(target: T, source: U): T & U;
  function entries<T>(table: { [key: string]: T }): [string, T][];
  function freeze<T>(value: T): T;
  function fromEntries<T>(pairs: Iterable<readonly [string, T]>): { [key: string]: T };
  function fromEntries(pairs: Iterable<string[]>): { [key: string]: string };
  function hasOwn(table: object, key: string): boolean;
  function keys(table: object): string[];
  function values<T>(table: { [key: string]: T }): T[];
}

interface Date {
  valueOf(): number;
}
interface Error {
  readonly cause?: unknown;
}

interface IMath<T> {
  hypot(...values: number[]): number;
  max(...values: number[]): number;
  min(...values: number[]): number;
}
declare namespace console {
  function log(...values: unknown[]): void;
  function debug(...values: unknown[]): void;
  function info(...values: unknown[]): void;
  function warn(...values: unknown[]): void;
  function error(...values: unknown[]): void;
}
