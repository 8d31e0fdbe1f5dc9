// Says how many contexts are alive, its own stream and its plugin among them, and how many callbacks it has had.
import {
  FilterDataStatus,
  FilterHeadersStatus,
  HttpContext,
  PluginContext,
  registerPlugin,
} from "proxy-wasm-as";
import { contextCount } from "proxy-wasm-as/assembly/context/table";

class Census extends PluginContext {
  callbacks: u32 = 0;
  ended: u32 = 0;

  createHttpContext(): HttpContext {
    return new Resident();
  }
}

class Resident extends HttpContext {
  private path: string = "";

  get census(): Census {
    return this.plugin as Census;
  }

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.census.callbacks++;
    this.path = this.request.headers.get(":path")!;
    if (this.path != "/census") return FilterHeadersStatus.Continue;
    const text = contextCount().toString() + " alive, " + this.census.ended.toString() + " ended";
    return this.respond(200, text);
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.census.callbacks++;
    this.response.headers.set("x-path", this.path);
    return FilterHeadersStatus.Continue;
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.census.callbacks++;
    return FilterDataStatus.Continue;
  }

  onDelete(): void {
    this.census.ended++;
  }
}

registerPlugin<Census>();
