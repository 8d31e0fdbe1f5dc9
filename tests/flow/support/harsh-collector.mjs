// A transform for tests: collects after every callback, and overwrites what is free, so that a value that was freed too early
// is seen at once.
import { Transform } from "assemblyscript/transform";

const SDK = "~lib/proxy-wasm-as/assembly";

const HARSH = `
import { blockEnd, freeObject, heapEnd, heapStart } from "${SDK}/memory/heap";

export function collectHarshly(): void {
  __collect();
  for (let block = heapStart(); block < heapEnd(); block = blockEnd(block)) {
    const object = freeObject(block);
    if (object != 0) memory.fill(object, 0xdd, load<u32>(object - 4));
  }
}`;

export default class extends Transform {
  afterParse(parser) {
    parser.parseFile(HARSH, "harsh.ts", true);
  }

  afterCompile(module) {
    module.removeExport("collectHarshly");
    const collect = module.getFunction(`${SDK}/runtime/collector/collectGarbage`);
    const harsh = module.call("harsh/collectHarshly", [], this.binaryen.none);
    this.binaryen.Function.setBody(collect, harsh);
  }
}
