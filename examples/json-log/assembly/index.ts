import { AccessLogger, log, property, registerPlugin } from "proxy-wasm-as";
import { JsonWriter } from "proxy-wasm-as/assembly/std/json";

/** Writes one line of JSON for each request, when it has ended. */
class JsonLog extends AccessLogger {
  onLog(): void {
    const line = new JsonWriter();
    line.object();
    this.header(line, "method", ":method");
    this.header(line, "host", ":authority");
    this.header(line, "path", ":path");
    this.header(line, "agent", "user-agent");
    line.name("status").integer(property.integerOr(["response", "code"], 0));
    line.name("milliseconds").integer(property.integerOr(["request", "duration"], 0) / 1000000);
    line.name("received").integer(property.integerOr(["request", "total_size"], 0));
    line.name("sent").integer(property.integerOr(["response", "total_size"], 0));
    const client = property.text(["source", "address"]);
    if (client !== null) line.name("client").string(client);
    const details = property.text(["response", "code_details"]);
    if (details !== null) line.name("details").string(details);
    line.end();
    log.info(line.text());
  }

  /** Writes a header of the request; nothing where it has none. */
  private header(line: JsonWriter, name: string, header: string): void {
    const value = this.request.headers.get(header);
    if (value !== null) line.name(name).string(value);
  }
}

registerPlugin<JsonLog>();
