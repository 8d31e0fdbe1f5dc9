// An access logger, a service with a timer, and a plugin that takes its time to end.
import {
  AccessLogger,
  PluginContext,
  Status,
  environment,
  lastStatus,
  log,
  property,
  registerPlugin,
} from "proxy-wasm-as";

const region = environment.get("REGION");

class Log extends AccessLogger {
  onLog(): void {
    const path = this.request.headers.get(":path")!;
    const hello = this.response.headers.get("x-upstream");
    const written = this.request.headers.set("x-late", "1");
    const code = property.integerOr(["response", "code"], 0).toString();
    log.info(
      path +
        " " +
        code +
        " " +
        (hello === null ? "null" : hello) +
        " " +
        written.toString() +
        " " +
        this.request.body.size.toString(),
    );
  }
}

class Service extends PluginContext {
  private ticks: i32 = 0;

  onConfigure(configuration: string): bool {
    const empty = environment.get("EMPTY");
    log.info("region " + region! + " [" + empty! + "] " + (environment.get("HOME") === null).toString());
    this.every(10, () => {
      if (++this.ticks <= 3) log.info("service tick " + this.ticks.toString());
    });
    return true;
  }

  onDone(): bool {
    log.info("asked to end " + this.done().toString());
    this.after(20, () => log.info("never at shutdown"));
    return false;
  }
}

class Slow extends PluginContext {
  onDone(): bool {
    log.info("finishing");
    this.after(50, () => {
      log.info("finished " + this.done().toString() + " " + (lastStatus() == Status.Ok).toString());
    });
    return false;
  }

  onDelete(): void {
    log.info("slow deleted");
  }
}

registerPlugin<Log>("log");
registerPlugin<Service>("service");
registerPlugin<Slow>("slow");
