import { SharedData } from "../../context/shared-data";
import { integerOr } from "../number/integer";
import { newSeed } from "./keyed-hash";

/** The secret that all threads have in common for the keys that begin with `name`; 0 when the host keeps none. */
export function sharedSeed(name: string): u64 {
  const key = name + "\0seed";
  let value = SharedData.get(key);
  if (value === null || value.bytes.length == 0) {
    // Another thread's seed stays if it was first.
    SharedData.updateText(key, (old) => (old !== null && old.length > 0 ? null : (newSeed() | 1).toString()));
    value = SharedData.get(key);
  }
  return value === null ? 0 : integerOr<u64>(value.text, 0);
}
