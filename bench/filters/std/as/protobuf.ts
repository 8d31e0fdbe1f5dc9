import { ProtobufReader, ProtobufWriter, WireType } from "../../../../assembly/std/protobuf";
import { inputAsBytes, patternText } from "./input";

export { setInput, setPattern } from "./input";

export function read(): i32 {
  const reader = new ProtobufReader(inputAsBytes());
  let sum = 0;
  while (reader.next()) {
    if (reader.type == WireType.Varint) sum += <i32>reader.number;
    else sum += reader.text.length;
  }
  return sum;
}

export function write(): i32 {
  const writer = new ProtobufWriter();
  for (let i: u64 = 0; i < 20; i++) writer.text(1, patternText()).number(2, i * 1000);
  return writer.toBytes().length;
}
