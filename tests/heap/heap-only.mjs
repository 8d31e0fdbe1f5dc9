// A transform for tests: the SDK's memory manager without the SDK.
import { layoutOf } from "../../dist/transform/compiler/layout.js";
import { HEAP_IMPORT, removeRuntime, setBounds } from "../../dist/transform/module/heap.js";

export default class {
  afterParse(parser) {
    removeRuntime(parser);
    parser.parseFile(HEAP_IMPORT, "~lib/proxy-wasm-as/entry.ts", true);
  }

  afterCompile(module) {
    setBounds(module, this.binaryen, this.program, layoutOf(this.program), true);
  }
}
