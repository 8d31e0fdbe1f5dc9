// Answers with JSON, and keeps texts in shared data and in a queue.
import {
  FilterHeadersStatus,
  HttpContext,
  PluginContext,
  SharedData,
  SharedQueue,
  SharedSpace,
  Status,
  registerPlugin,
} from "proxy-wasm-as";

const space = new SharedSpace("words");

class Words extends PluginContext {
  queue: SharedQueue | null = null;

  onConfigure(configuration: string): bool {
    this.queue = SharedQueue.register("words");
    return true;
  }

  createHttpContext(): HttpContext {
    return new WordStream();
  }
}

class WordStream extends HttpContext {
  private word: string = "";

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const word = this.request.headers.get("x-word");
    if (word === null)
      return this.respondJson(400, "{}", { headers: [["x-why", "no word"]], details: "no_word" });
    if (word == "problem")
      return this.respondJson(400, "{}", { headers: [["Content-Type", "application/problem+json"]] });
    this.word = word;
    const status = SharedData.updateText("all", (old) => (old === null ? this.word : old + "," + this.word));
    space.updateText("all", (old) => (old === null ? "first" : null));
    const queue = (this.plugin as Words).queue!;
    queue.enqueue(word);
    const taken = queue.dequeueText();
    const none = queue.dequeueText();
    const all = SharedData.get("all")!.text;
    return this.respondJson(
      200,
      `["${all}","${taken!}",${none === null},${status == Status.Ok},"${space.get("all")!.text}"]`,
    );
  }
}

registerPlugin<Words>();
