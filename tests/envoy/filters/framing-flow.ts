// A flow that does to headers what the request's `x-flow` says; see framing/operations.ts.
import { Exchange, registerFlow, sleep } from "proxy-wasm-as/assembly/flow";
import { Message } from "proxy-wasm-as/assembly/flow/message";
import { Messages, Operation, SPLIT, find, isThere, operationsOf, run } from "./framing/operations";

class Steps {
  constructor(
    private readonly x: Exchange,
    private readonly operations: Operation[],
  ) {}

  run(where: string): void {
    const request = this.x.request;
    // Before there is a response, its operations are tried at the request.
    const response = this.x.response;
    const other: Message = response !== null ? <Message>response : <Message>request;
    run(
      this.operations,
      where,
      new Messages(this.x.plugin, request.headers, request.trailers, other.headers, other.trailers),
    );
  }

  has(where: string): bool {
    return isThere(this.operations, where);
  }

  /** Answers with a header, if that is to be done there; whether it has. */
  answers(where: string): bool {
    const answer = find(this.operations, where);
    if (answer === null) return false;
    this.x.respond(200, SPLIT, { headers: [[answer.name, answer.value]] });
    return true;
  }

  /** Reads a body in chunks, or whole, if something is to be done there. */
  read(message: Message, prefix: string): void {
    if (this.has(prefix + "-body")) message.text();
    this.run(prefix + "-body");
    if (this.has(prefix + "-chunk")) while (message.chunk() !== null) this.run(prefix + "-chunk");
  }
}

registerFlow("", (x: Exchange): void => {
  const text = x.request.headers.get("x-flow");
  if (text === null) {
    x.next();
    return;
  }
  const steps = new Steps(x, operationsOf(text));
  steps.run("request");
  if (steps.has("later")) sleep(1);
  steps.run("later");
  steps.read(x.request, "request");
  if (steps.answers("answer")) return;
  const response = x.next();
  steps.run("response");
  if (steps.has("response-later")) sleep(1);
  steps.run("response-later");
  steps.read(response, "response");
  steps.answers("answer-response");
});
