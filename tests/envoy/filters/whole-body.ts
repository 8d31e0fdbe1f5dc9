// Changes whole bodies; at most 1,000 bytes of a request and 70,000 of a response.
import {
  FilterDataStatus,
  HttpContext,
  PluginContext,
  WholeBodyContext,
  log,
  registerPlugin,
} from "proxy-wasm-as";

class Censor extends WholeBodyContext {
  get requestBodyLimit(): u32 {
    return 1000;
  }

  get responseBodyLimit(): u32 {
    return 70000;
  }

  onWholeRequestBody(size: u32): FilterDataStatus {
    log.info("request " + size.toString());
    const text = this.request.body.text();
    if (text == "bad") return this.respond(400, "bad\n");
    this.request.body.set(text.replaceAll("secret", "***"));
    if (text == "wait") {
      this.after(30, () => {
        this.request.body.append("ed");
        this.resumeRequest();
      });
      return FilterDataStatus.StopIterationAndBuffer;
    }
    return FilterDataStatus.Continue;
  }

  onWholeResponseBody(size: u32): FilterDataStatus {
    log.info("response " + size.toString());
    this.response.body.append("!");
    return FilterDataStatus.Continue;
  }
}

/** Lets larger ones pass. */
class Generous extends Censor {
  get passesLargeRequests(): bool {
    return true;
  }

  get passesLargeResponses(): bool {
    return true;
  }
}

class Censors extends PluginContext {
  private passes: bool = false;

  onConfigure(configuration: string): bool {
    this.passes = configuration == "passes";
    return true;
  }

  createHttpContext(): HttpContext {
    return this.passes ? new Generous() : new Censor();
  }
}

registerPlugin<Censors>();
