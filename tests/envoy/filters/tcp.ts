// Changes what a client says: "hold" keeps data until a "!" comes, "close" closes, "raw" tries data where there is none.
import { CloseType, FilterStatus, TcpContext, lastStatus, log, registerTcpFilter } from "proxy-wasm-as";

class Talk extends TcpContext {
  private held: i32 = 0;

  onNewConnection(): FilterStatus {
    log.info("new connection, data " + this.downstreamData.size.toString() + " " + lastStatus().toString());
    return FilterStatus.Continue;
  }

  onDownstreamData(dataSize: u32, endOfStream: bool): FilterStatus {
    const text = this.downstreamData.text();
    log.info("downstream " + dataSize.toString() + " " + endOfStream.toString());
    if (text.startsWith("close")) {
      this.close();
      return FilterStatus.StopIteration;
    }
    if (text.startsWith("hold") && !text.includes("!") && !endOfStream) {
      this.held++;
      return FilterStatus.StopIteration;
    }
    if (text.startsWith("wait")) {
      this.after(50, () => {
        log.info("waited, data " + this.downstreamData.size.toString() + " " + lastStatus().toString());
        this.resumeDownstream();
      });
      return FilterStatus.StopIteration;
    }
    if (dataSize > 0) this.downstreamData.set("[" + text.toUpperCase() + "]");
    log.info("other side " + this.upstreamData.size.toString() + " " + lastStatus().toString());
    return FilterStatus.Continue;
  }

  onUpstreamData(dataSize: u32, endOfStream: bool): FilterStatus {
    if (dataSize > 0) {
      this.upstreamData.prepend("<");
      this.upstreamData.append(">");
    }
    return FilterStatus.Continue;
  }

  onDownstreamClose(closeType: CloseType): void {
    log.info("downstream close " + closeType.toString());
  }

  onUpstreamClose(closeType: CloseType): void {
    log.info("upstream close " + closeType.toString());
  }

  onDone(): void {
    log.info(
      "done, close " + this.close().toString() + " data " + this.downstreamData.bytes().length.toString(),
    );
  }

  onLog(): void {
    log.info("log");
  }

  onDelete(): void {
    log.info("delete");
  }
}

registerTcpFilter<Talk>();
