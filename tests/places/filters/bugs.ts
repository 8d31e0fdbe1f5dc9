import { FilterHeadersStatus, HttpContext, log, registerHttpFilter } from "proxy-wasm-as";

class Rule {
  constructor(
    public name: string,
    public limit: i32,
  ) {}
}

function weigh(rules: Rule[], by: i32): i32 {
  let sum: i32 = 0;
  for (const rule of rules) {
    sum += rule.limit % by;
  }
  return sum;
}

function poke(at: i32): i32 {
  return load<i32>(at * 0x10000000) + 1;
}

function nested(names: string[], at: i32): string {
  const last = names.map<string>((name) => name + names[at]);
  return last.length > 0 ? last[0] : "none";
}

class Bugs extends HttpContext {
  onRequestHeaders(count: u32, end: bool): FilterHeadersStatus {
    const path = this.request.headers.get(":path");
    const text = path === null ? "" : path;
    const rules = [new Rule("a", text.length), new Rule("b", 7)];
    if (text == "/divide") {
      const weight = weigh(rules, text.length - 7);
      log.info(`weight ${weight}`);
    }
    if (text == "/poke") {
      this.request.headers.set("x-poked", poke(15).toString());
    }
    if (text == "/nested") {
      this.request.headers.set("x-nested", nested(["a", "b"], text.length));
    }
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Bugs>();
