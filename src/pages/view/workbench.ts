/**
 * A request and what comes of it: the part that both pages have.
 *
 * @module
 */
import type { ModuleReport, Order, RunReport } from "../model.js";
import { make, nothing } from "./dom.js";
import { RequestForm } from "./form.js";
import { moduleOf } from "./module.js";
import { callsOf, headersOf, logsOf, responseOf, summaryOf } from "./outcome.js";
import { Tabs } from "./tabs.js";
import type { Tab } from "./tabs.js";
import { timelineOf } from "./timeline.js";

const names = ["Response", "Headers", "Calls", "Logs", "Timeline", "Module"] as const;

/** Form and results. `run` returns the result of an order; the message of an error that it throws is shown in its place. */
export class Workbench {
  readonly element: HTMLElement;
  readonly form: RequestForm;
  readonly button = make("button", { type: "submit", class: "primary" }, "Send");
  private readonly summary = make(
    "div",
    { role: "status", class: "status" },
    nothing("No request was sent yet."),
  );
  private readonly panels = Object.fromEntries(
    names.map((name) => [name, make("div", { class: "panel" })]),
  ) as Record<string, HTMLElement> as Readonly<Record<(typeof names)[number], HTMLElement>>;
  private readonly tabs: Tabs;
  private latest = 0;

  constructor(
    private readonly run: (order: Order) => Promise<RunReport>,
    more: readonly Tab[] = [],
  ) {
    this.form = new RequestForm(() => void this.send(), this.button);
    this.tabs = new Tabs("Results", [...names.map((name) => ({ name, panel: this.panels[name] })), ...more]);
    this.element = make("div", { class: "workbench" }, this.form.element, this.summary, this.tabs.element);
  }

  /** Sends the order in the form, and shows its result, unless another one was sent meanwhile. */
  async send(): Promise<void> {
    const order = this.form.order();
    if (order === undefined) return;
    const mine = ++this.latest;
    this.button.setAttribute("aria-busy", "true");
    try {
      const report = await this.run(order);
      if (mine === this.latest) this.show(report);
    } catch (error) {
      if (mine === this.latest) this.say(error instanceof Error ? error.message : String(error), true);
    } finally {
      if (mine === this.latest) this.button.removeAttribute("aria-busy");
    }
  }

  /** A sentence where the outcome stands. */
  say(text: string, isBad = false): void {
    this.summary.replaceChildren(make("p", { class: `summary ${isBad ? "bad" : ""}` }, text));
  }

  /** Sets the function that is called with each tab that is opened. */
  set opened(tell: (tab: string) => void) {
    this.tabs.opened = tell;
  }

  /** The tab that is seen. */
  get tab(): string {
    return this.tabs.current;
  }

  /** Shows the facts about a module, below the sentence `about`. */
  showModule(report: ModuleReport | undefined, about = ""): void {
    const note = about === "" ? [] : [nothing(about)];
    this.panels.Module.replaceChildren(
      ...(report === undefined ? [nothing("There is no module yet.")] : [...note, moduleOf(report)]),
    );
    this.tabs.mark("Module", report?.loads === false ? "!" : "");
  }

  showTab(name: string): void {
    this.tabs.show(name);
  }

  private show(report: RunReport): void {
    this.summary.replaceChildren(summaryOf(report));
    this.panels.Response.replaceChildren(responseOf(report));
    this.panels.Headers.replaceChildren(headersOf(report));
    this.panels.Calls.replaceChildren(callsOf(report));
    this.panels.Logs.replaceChildren(logsOf(report));
    this.panels.Timeline.replaceChildren(timelineOf(report));
    this.tabs.mark("Calls", report.calls.length === 0 ? "" : String(report.calls.length));
    const said = report.logs.length + report.refusals.length;
    this.tabs.mark("Logs", said === 0 ? "" : String(said));
  }
}
