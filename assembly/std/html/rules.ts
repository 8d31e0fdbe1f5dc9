/**
 * The rules of an editor: the changes for elements, by name.
 *
 * @module
 */
import { HtmlElement } from "./element";

/** The place or kind of a rule's change. */
export const enum Place {
  Before,
  First,
  Last,
  After,
  Removed,
  Attribute,
}

/** A change for all elements of a name, or at the edges of head and body. */
@final
class Rule {
  constructor(
    readonly name: string,
    readonly place: Place,
    readonly html: string,
    readonly attribute: string,
    readonly by: string,
  ) {}
}

/** The rules of an editor, in the order in which they were given. */
@final
export class Rules {
  private all: Rule[] = new Array<Rule>();

  add(name: string, place: Place, html: string, attribute: string = "", by: string = ""): void {
    this.all.push(new Rule(name, place, html, attribute, by));
  }

  /** Does with an element what its rules say, but for the edges of head and body: those may come without a tag. */
  apply(element: HtmlElement): void {
    const name = element.name;
    const isEdge = name == "head" || name == "body";
    for (let i = 0; i < this.all.length; i++) {
      const rule = unchecked(this.all[i]);
      if (rule.name != name && (rule.place != Place.Attribute || rule.name != "")) continue;
      if (rule.place == Place.Attribute) {
        const value = element.get(rule.attribute);
        if (value !== null && value.includes(rule.html))
          element.set(rule.attribute, value.replaceAll(rule.html, rule.by));
      } else if (isEdge) continue;
      else if (rule.place == Place.Before) element.before(rule.html);
      else if (rule.place == Place.First) element.prepend(rule.html);
      else if (rule.place == Place.Last) element.append(rule.html);
      else if (rule.place == Place.After) element.after(rule.html);
      else element.isRemoved = true;
    }
  }

  /** The HTML to put at an edge of `head` or `body`. */
  at(name: string, place: Place): string {
    let html = "";
    for (let i = 0; i < this.all.length; i++) {
      const rule = unchecked(this.all[i]);
      if (rule.place == place && rule.name == name) html += rule.html;
    }
    return html;
  }
}
