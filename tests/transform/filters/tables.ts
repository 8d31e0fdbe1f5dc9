/** Tables and literals that are read from addresses before them: the optimizer folds the distance into the address. */
import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

const TABLE: usize = memory.data<u32>([100, 200, 300, 400, 500, 600]);
const BEFORE: usize = memory.data<u16>([7, 8, 9]) - 96;
const DIGITS: StaticArray<u32> = [10, 11, 12, 13, 14, 15];

function ofTable(digit: i32): u32 {
  return load<u32>(TABLE + ((<usize>(digit - 48)) << 2));
}

function ofArray(digit: i32): u32 {
  return unchecked(DIGITS[digit - 48]);
}

function ofText(digit: i32): i32 {
  return "abcdef".charCodeAt(digit - 48);
}

function sum(values: f32[]): f32 {
  let all: f32 = 0;
  for (let i = 0; i < values.length; i++) all += values[i];
  return all;
}

function product(values: f64[]): f64 {
  let all: f64 = 1;
  for (let i = 0; i < values.length; i++) all *= values[i];
  return all;
}

class Score extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const digit = this.request.headers.get(":path")!.charCodeAt(1);
    const number = <f32>(digit - 48);
    const parts: string[] = [
      ofTable(digit).toString(),
      ofArray(digit).toString(),
      String.fromCharCode(ofText(digit)),
      load<u16>(BEFORE + ((<usize>digit) << 1)).toString(),
      sum([number / 2, number, number + 0.25]).toString(),
      product([<f64>number, 2, <f64>number]).toString(),
    ];
    this.request.headers.set("x-score", parts.join(" "));
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Score>();
