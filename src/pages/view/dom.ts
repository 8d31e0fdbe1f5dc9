/**
 * Elements of a page, and what all of its parts need. These files run in browsers, as they are: they import nothing but each other.
 *
 * @module
 */

type Child = Node | string | undefined | false;

type Attributes = Readonly<Record<string, string | boolean | ((event: Event) => void) | undefined>>;

/** An element; attributes that are functions are listeners, those that are false or undefined are left out. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (typeof value === "string") element.setAttribute(name, value);
  }
  element.append(
    ...children.filter((child): child is Node | string => child !== undefined && child !== false),
  );
  return element;
}

/** Counts in words: `1 byte`, `2,340 bytes`. */
export function count(value: number, one: string, more = `${one}s`): string {
  return `${value.toLocaleString("en")} ${value === 1 ? one : more}`;
}

/** A field with its label. */
export function labelled(label: string, field: HTMLElement, ...more: readonly Child[]): HTMLElement {
  return make("label", { class: "field" }, make("span", {}, label), field, ...more);
}

/** A table with a caption for those who do not see it. */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Child[])[],
  classes: (row: number) => string | undefined = () => undefined,
): HTMLElement {
  return make(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    make(
      "table",
      {},
      make("caption", {}, caption),
      make("thead", {}, make("tr", {}, ...head.map((name) => make("th", { scope: "col" }, name)))),
      make(
        "tbody",
        {},
        ...rows.map((row, i) =>
          make("tr", { class: classes(i) }, ...row.map((cell) => make("td", {}, cell))),
        ),
      ),
    ),
  );
}

/** A line for when there is nothing to show. */
export function nothing(text: string): HTMLElement {
  return make("p", { class: "quiet" }, text);
}

/** A long text, cut to what a page can show. */
export function block(text: string, label: string): HTMLElement {
  const shown = text.length > 65536 ? `${text.slice(0, 65536)}\n… (${text.length} characters)` : text;
  return make("pre", { tabindex: "0", "aria-label": label }, shown);
}
