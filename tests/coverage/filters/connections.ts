import { FilterStatus, TcpContext, registerTcpFilter } from "proxy-wasm-as";
import { grade } from "./common";

class Connections extends TcpContext {
  private seen: u32 = 0;

  onDownstreamData(dataSize: u32, endOfStream: bool): FilterStatus {
    this.seen += dataSize;
    if (this.seen > 100) {
      this.close();
    }
    grade(this.seen == 4 ? 4 : 2);
    return FilterStatus.Continue;
  }

  onUpstreamData(dataSize: u32, endOfStream: bool): FilterStatus {
    return FilterStatus.Continue;
  }
}

registerTcpFilter<Connections>("connections");
