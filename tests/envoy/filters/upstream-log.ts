// An access logger that reads one property, which its configuration names, also by an expression.
import { AccessLogger, log, property, registerPlugin } from "proxy-wasm-as";
import { Expression, attributes } from "proxy-wasm-as/assembly/envoy";

class Log extends AccessLogger {
  private path: string = "";
  private expression: Expression | null = null;

  onConfigure(configuration: string): bool {
    this.path = configuration;
    this.expression = Expression.compile(configuration);
    return true;
  }

  onLog(): void {
    const bytes = property.bytes(this.path.split("."));
    const seen =
      (attributes.source.address() !== null ? 1 : 0) +
      (attributes.source.port() >= 0 ? 1 : 0) +
      (attributes.destination.address() !== null ? 1 : 0) +
      (attributes.destination.port() >= 0 ? 1 : 0);
    const expression = this.expression;
    if (expression !== null && expression.evaluate() !== null) log.info("evaluated");
    log.warn((bytes === null ? "none" : "some") + " " + seen.toString());
  }
}

registerPlugin<Log>();
