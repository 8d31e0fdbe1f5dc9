/**
 * A suite, and what came of its tests.
 *
 * @module
 */
import type { SuiteReport } from "../../src/pages/model.js";
import { labelled, make } from "../../src/pages/view/dom.js";

/** What stands in the panel at first. */
export const FIRST_SUITE = `test {
  name: "marks requests"
  request_headers {
    input { header { key: ":path" value: "/" } header { key: ":method" value: "GET" } }
    result { has_header { key: "x-hello" value: "world" } }
  }
}
test {
  name: "denies a path"
  request_headers {
    input { header { key: ":path" value: "/denied" } header { key: ":method" value: "GET" } }
    result { immediate { http_status: 403 } }
  }
}
`;

/** Text, button and results. */
export class SuitePanel {
  readonly element: HTMLElement;
  private readonly area = make("textarea", { rows: "14", spellcheck: "false", autocapitalize: "off" });
  private readonly result = make("div", { role: "status", class: "suite-result" });

  constructor(run: (text: string) => Promise<SuiteReport>) {
    const button = make(
      "button",
      { type: "button", class: "primary", click: () => void start() },
      "Run the suite",
    );
    const start = async (): Promise<void> => {
      button.setAttribute("aria-busy", "true");
      try {
        this.show(await run(this.text));
      } catch (error) {
        this.result.replaceChildren(
          make("p", { class: "summary bad" }, error instanceof Error ? error.message : String(error)),
        );
      }
      button.removeAttribute("aria-busy");
    };
    this.element = make(
      "div",
      { class: "panel" },
      labelled("Tests, in the form of tests.textpb or tests.yaml", this.area),
      button,
      this.result,
    );
    this.text = FIRST_SUITE;
  }

  get text(): string {
    return this.area.value;
  }

  set text(text: string) {
    this.area.value = text;
  }

  private show({ refused, tests }: SuiteReport): void {
    if (refused !== undefined) {
      this.result.replaceChildren(make("p", { class: "summary bad" }, refused));
      return;
    }
    const failed = tests.filter(({ failures }) => failures.length > 0).length;
    this.result.replaceChildren(
      make(
        "p",
        { class: `summary ${failed === 0 ? "good" : "bad"}` },
        failed === 0 ? `All ${tests.length} passed.` : `${failed} of ${tests.length} failed.`,
      ),
      make(
        "ul",
        {},
        ...tests.map(({ name, failures, skipped }) =>
          make(
            "li",
            { class: failures.length === 0 ? "" : "error" },
            make("strong", {}, failures.length > 0 ? "✗ " : skipped === undefined ? "✓ " : "– "),
            name,
            ...[...failures, ...(skipped === undefined ? [] : [skipped])].map((text) => make("p", {}, text)),
          ),
        ),
      ),
    );
  }
}
