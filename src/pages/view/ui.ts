/**
 * The page of `proxy-wasm-as ui`.
 *
 * @module
 */
import type { ModuleReport, Order, RunReport } from "../model.js";
import { Workbench } from "./workbench.js";

const news = document.getElementById("news")!;
const workbench = new Workbench((order) => ask<RunReport>("run", order));
document.getElementById("bench")!.append(workbench.element);
workbench.showModule(undefined);

/** Tells whether something was sent: a new module gets it again. */
let wasSent = false;
workbench.element.addEventListener("submit", () => (wasSent = true));

async function ask<Value>(path: string, order?: Order): Promise<Value> {
  const post = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(order),
  };
  let response: Response;
  try {
    response = await fetch(path, order === undefined ? {} : post);
  } catch {
    throw new Error("proxy-wasm-as ui has ended: start it again.");
  }
  if (!response.ok) throw new Error(await response.text());
  const answer = (await response.json()) as { value: Value } | { error: string };
  if ("error" in answer) throw new Error(answer.error);
  return answer.value;
}

async function look(): Promise<void> {
  try {
    workbench.showModule(await ask<ModuleReport>("module"));
  } catch (error) {
    workbench.say((error as Error).message, true);
  }
}

const events = new EventSource("events");
events.addEventListener("changed", () => {
  news.textContent = `The module has changed and is in use (${new Date().toLocaleTimeString()}).`;
  if (wasSent) void workbench.send();
  void look();
});
events.addEventListener("failed", ({ data }: MessageEvent<string>) => {
  news.textContent = "A change is not in use.";
  workbench.say(String(JSON.parse(data)), true);
});

const settings = (await (await fetch("settings")).json()) as { configuration: string; rootId: string };
workbench.form.draft = { configuration: settings.configuration, rootId: settings.rootId };
workbench.showTab("Module");
await look();
