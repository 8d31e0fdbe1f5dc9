// Has the bug that the client asks for: "kind@stage".
import { CloseType, FilterStatus, TcpContext, registerTcpFilter } from "proxy-wasm-as";
import { bug } from "./bug-kinds";

let nothing: i32 = 0;

/** What the next connection does before it has data. */
let armed: string = "";

class Connection extends TcpContext {
  what: string = "";

  constructor() {
    super();
    this.what = armed;
    armed = "";
    this.at("constructor");
  }

  at(stage: string): void {
    if (this.what.endsWith("@" + stage)) bug(this.what.slice(0, this.what.indexOf("@")), nothing);
  }

  onNewConnection(): FilterStatus {
    this.at("onNewConnection");
    return FilterStatus.Continue;
  }

  onDownstreamData(size: u32, endOfStream: bool): FilterStatus {
    const text = this.downstreamData.text();
    if (text.startsWith("next ")) armed = text.slice(5);
    else if (text.length > 0) this.what = text;
    this.at("onDownstreamData");
    if (text.endsWith("@timer")) {
      this.after(1, () => this.at("timer"));
      return FilterStatus.StopIteration;
    }
    return FilterStatus.Continue;
  }

  onUpstreamData(size: u32, endOfStream: bool): FilterStatus {
    this.at("onUpstreamData");
    return FilterStatus.Continue;
  }

  onDownstreamClose(type: CloseType): void {
    this.at("onDownstreamClose");
  }

  onLog(): void {
    this.at("onLog");
  }

  onDone(): void {
    this.at("onDone");
  }

  onDelete(): void {
    this.at("onDelete");
  }
}

registerTcpFilter<Connection>();
