/**
 * Tabs, as WAI-ARIA has them: arrow keys go from one to the next.
 *
 * @module
 */
import { make } from "./dom.js";

/** One tab. */
export interface Tab {
  readonly name: string;
  readonly panel: HTMLElement;
}

let made = 0;

/** Tabs and their panels; one panel is seen at a time. */
export class Tabs {
  readonly element: HTMLElement;
  /** The name of the tab that is seen. */
  current = "";
  opened: (name: string) => void = () => undefined;
  private readonly buttons: readonly HTMLButtonElement[];

  constructor(
    label: string,
    private readonly tabs: readonly Tab[],
  ) {
    const id = `tabs-${++made}`;
    this.buttons = tabs.map(({ name, panel }, i) => {
      panel.id = `${id}-panel-${i}`;
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", `${id}-tab-${i}`);
      return make(
        "button",
        {
          type: "button",
          role: "tab",
          id: `${id}-tab-${i}`,
          "aria-controls": panel.id,
          click: () => this.open(name),
          keydown: (event) => this.step(event as KeyboardEvent, i),
        },
        name,
      );
    });
    const list = make("div", { role: "tablist", "aria-label": label, class: "tabs" }, ...this.buttons);
    this.element = make("div", { class: "tabbed" }, list, ...tabs.map(({ panel }) => panel));
    this.show(tabs[0]!.name);
  }

  show(name: string): void {
    this.current = name;
    this.tabs.forEach((tab, i) => {
      const isShown = tab.name === name;
      tab.panel.hidden = !isShown;
      this.buttons[i]!.setAttribute("aria-selected", String(isShown));
      this.buttons[i]!.tabIndex = isShown ? 0 : -1;
    });
  }

  /** A number or mark behind a tab's name. */
  mark(name: string, text: string): void {
    const at = this.tabs.findIndex((tab) => tab.name === name);
    this.buttons[at]!.replaceChildren(name, ...(text === "" ? [] : [make("small", {}, ` ${text}`)]));
  }

  private open(name: string): void {
    this.show(name);
    this.opened(name);
  }

  private step(event: KeyboardEvent, from: number): void {
    const last = this.tabs.length - 1;
    const to = {
      ArrowRight: from === last ? 0 : from + 1,
      ArrowLeft: from === 0 ? last : from - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.open(this.tabs[to]!.name);
    this.buttons[to]!.focus();
  }
}
