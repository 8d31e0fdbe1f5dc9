// Editors of HTML, given bytes in chunks of one size.
import { HtmlEditor, HtmlElement, escapeHtml } from "../../../assembly/std/html";

export { escapeHtml };

export const u8ArrayId = idof<Uint8Array>();

/** Notes each start tag with the values of some attributes. */
class Notes extends HtmlEditor {
  tags: string[] = new Array<string>();

  onElement(element: HtmlElement): void {
    let tag = element.name;
    const names = ["a", "b", "href"];
    for (let i = 0; i < names.length; i++) {
      const value = element.get(names[i]);
      if (value !== null) tag += " " + names[i] + "=" + value;
    }
    this.tags.push(tag);
  }
}

/** Says of each element what the attribute `do` asks for. */
class Doer extends HtmlEditor {
  onElement(element: HtmlElement): void {
    const what = element.get("do");
    if (what === null) return;
    if (what == "remove") element.remove();
    else if (what == "set") element.set("x", 'a"<b>');
    else if (what == "href") element.set("href", "#");
    else if (what == "drop") element.removeAttribute("href");
    else {
      element.before("(b");
      element.prepend("(p");
      element.append("l)");
      element.after("a)");
    }
  }
}

function run(editor: HtmlEditor, body: Uint8Array, size: i32): Uint8Array {
  const all = new Array<Uint8Array>();
  let length = 0;
  for (let at = 0; at < body.length; at += size) {
    const out = editor.push(body.slice(at, min(at + size, body.length)), false);
    if (editor.held > 1 << 16) throw new Error("too much is held");
    length += out.length;
    all.push(out);
  }
  const end = editor.push(new Uint8Array(0), true);
  all.push(end);
  const whole = new Uint8Array(length + end.length);
  let at = 0;
  for (let i = 0; i < all.length; i++) {
    whole.set(all[i], at);
    at += all[i].length;
  }
  return whole;
}

let tags: string[] = new Array<string>();

export function tagsOf(body: Uint8Array, size: i32): string {
  const editor = new Notes();
  const out = run(editor, body, size);
  if (out.length != body.length || memory.compare(out.dataStart, body.dataStart, out.length) != 0)
    return "!changed: " + String.UTF8.decode(out.buffer);
  return editor.tags.join("\n");
}

export function edit(body: Uint8Array, size: i32): Uint8Array {
  return run(new Doer(), body, size);
}

export function edges(body: Uint8Array, size: i32): Uint8Array {
  const editor = new HtmlEditor()
    .prepend("head", "<!--H-->")
    .append("head", "<!--/H-->")
    .prepend("body", "<!--B-->")
    .append("body", "<!--/B-->");
  return run(editor, body, size);
}

export function remove(name: string, body: Uint8Array, size: i32): Uint8Array {
  return run(new HtmlEditor().remove(name), body, size);
}

export function links(body: Uint8Array, size: i32): Uint8Array {
  return run(new HtmlEditor().replaceInAttribute("a", "href", "foo.com", "bar.com"), body, size);
}
