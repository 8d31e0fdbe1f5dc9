// A transform for tests: collects after every callback, and overwrites what is freed, so that a value that was freed too
// early is seen at once.
import { Transform } from "assemblyscript/transform";

export default class extends Transform {
  afterCompile(module) {
    const { binaryen } = this;
    const { setBody } = binaryen.Function;
    const { i32 } = module;
    const collect = module.getFunction("~lib/proxy-wasm-as/assembly/runtime/collector/collectGarbage");
    setBody(collect, module.call("~lib/rt/tcms/__collect", [], binaryen.none));
    const free = module.getFunction("~lib/rt/tlsf/__free");
    const pointer = module.local.get(0, binaryen.i32);
    const size = i32.and(
      i32.load(0, 4, i32.sub(module.local.get(0, binaryen.i32), i32.const(4))),
      i32.const(~3),
    );
    const fill = module.memory.fill(pointer, i32.const(0xdd), size);
    const { body } = binaryen.getFunctionInfo(free);
    setBody(free, module.block(null, [fill, body]));
  }
}
