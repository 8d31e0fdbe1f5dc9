/**
 * Elements and values of which the code asks whether they are there.
 *
 * @module
 */

export function hasElement<T>(array: T[], index: i32): bool {
  if (index < 0 || index >= array.length) return false;
  // A group that took no part in a match, or an element that was never set.
  return !isReference<T>() || load<usize>(array.dataStart + ((<usize>index) << alignof<usize>())) != 0;
}

export function takeElement<T>(array: T[], index: i32): T {
  return array[index];
}

export function hasRelative<T>(array: T[], index: i32): bool {
  return index < array.length && index >= -array.length;
}

export function takeRelative<T>(array: T[], index: i32): T {
  return array[index < 0 ? array.length + index : index];
}

/** The same of a typed array of numbers. */
export function hasElementOf<A extends ArrayLike<number>>(array: A, index: i32): bool {
  return index >= 0 && index < array.length;
}

export function takeElementOf<A extends ArrayLike<number>>(array: A, index: i32): f64 {
  return <f64>array[index];
}

export function hasRelativeOf<A extends ArrayLike<number>>(array: A, index: i32): bool {
  return index < array.length && index >= -array.length;
}

export function takeRelativeOf<A extends ArrayLike<number>>(array: A, index: i32): f64 {
  return <f64>array[index < 0 ? array.length + index : index];
}

export function hasKey<K, V>(map: Map<K, V>, key: K): bool {
  return map.has(key);
}

export function takeKey<K, V>(map: Map<K, V>, key: K): V {
  return map.get(key);
}

export function hasAny<T>(array: T[], _nothing: i32): bool {
  return array.length > 0;
}

export function takeLast<T>(array: T[], _nothing: i32): T {
  return array.pop();
}

export function takeFirst<T>(array: T[], _nothing: i32): T {
  return array.shift();
}

export function hasCharacter(text: string, index: i32): bool {
  return index >= 0 && index < text.length;
}

export function takeCharacter(text: string, index: i32): string {
  return text.charAt(index);
}

export function takeCodePoint(text: string, index: i32): i32 {
  return text.codePointAt(index);
}

export function hasRelativeCharacter(text: string, index: i32): bool {
  return index < text.length && index >= -text.length;
}

export function takeRelativeCharacter(text: string, index: i32): string {
  return text.charAt(index < 0 ? text.length + index : index);
}
