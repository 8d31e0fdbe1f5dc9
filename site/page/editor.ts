/**
 * The editor. Tab leaves it, as people without a mouse need it to.
 *
 * @module
 */
import { javascript } from "@codemirror/lang-javascript";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import type { Diagnostic as Mark } from "@codemirror/lint";
import { keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { EditorView, basicSetup } from "codemirror";
import type { Diagnostic } from "../worker/diagnostics.js";

/** The same names as in the docs: the style sheet colours both. */
const highlighting = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], class: "tok-keyword" },
  { tag: [tags.string, tags.regexp], class: "tok-string" },
  { tag: tags.comment, class: "tok-comment" },
  { tag: [tags.number, tags.bool, tags.null], class: "tok-number" },
  { tag: [tags.typeName, tags.className], class: "tok-typeName" },
  { tag: tags.definition(tags.variableName), class: "tok-definition" },
]);

const theme = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "var(--ground)" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-gutters": {
    backgroundColor: "var(--raised)",
    color: "var(--quiet)",
    borderRight: "1px solid var(--line)",
  },
  ".cm-activeLine, .cm-activeLineGutter": {
    backgroundColor: "color-mix(in srgb, var(--accent) 8%, transparent)",
  },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground":
    { backgroundColor: "color-mix(in srgb, var(--accent) 30%, transparent)" },
  ".cm-tooltip, .cm-panels": {
    backgroundColor: "var(--raised)",
    color: "var(--text)",
    border: "1px solid var(--line)",
  },
});

/** A view with the source in it. */
export class Editor {
  readonly view: EditorView;

  constructor(parent: HTMLElement, source: string, changed: () => void, run: () => void) {
    this.view = new EditorView({
      doc: source,
      parent,
      extensions: [
        keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }]),
        basicSetup,
        javascript({ typescript: true }),
        syntaxHighlighting(highlighting),
        theme,
        lintGutter(),
        EditorView.contentAttributes.of({ "aria-label": "The filter's source" }),
        EditorView.updateListener.of(({ docChanged }) => {
          if (docChanged) changed();
        }),
      ],
    });
  }

  get length(): number {
    return this.view.state.doc.length;
  }

  get source(): string {
    return this.view.state.doc.toString();
  }

  set source(text: string) {
    this.view.dispatch({ changes: { from: 0, to: this.length, insert: text }, selection: { anchor: 0 } });
  }

  /** Marks what the compiler said, where it has places. */
  mark(diagnostics: readonly Diagnostic[]): void {
    const { doc } = this.view.state;
    const marks = diagnostics.flatMap(({ severity, message, line, column }): Mark[] => {
      if (line === undefined || line > doc.lines) return [];
      const { from, to } = doc.line(line);
      const start = Math.min(from + (column ?? 1) - 1, to);
      const word = /^\w+/.exec(doc.sliceString(start, to))?.[0].length ?? 1;
      return [{ from: start, to: Math.min(start + word, to), severity, message }];
    });
    this.view.dispatch(setDiagnostics(this.view.state, marks));
  }

  /** Puts the cursor at a place and shows it. */
  go(line: number, column: number): void {
    const { doc } = this.view.state;
    if (line > doc.lines) return;
    const { from, to } = doc.line(line);
    this.view.dispatch({ selection: { anchor: Math.min(from + column - 1, to) }, scrollIntoView: true });
    this.view.focus();
  }
}
