// The hash function: CodeMirror with Python's colours. Tab goes on to the next field, as everywhere else.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

// The colours are app.css's.
const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-keyword)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--faint)", fontStyle: "italic" },
  { tag: [tags.function(tags.variableName), tags.definition(tags.variableName)], color: "var(--code-name)" },
]);

const LOOKS = EditorView.theme({
  "&": {
    backgroundColor: "var(--field)",
    color: "var(--text)",
    border: "1px solid var(--edge)",
    borderRadius: "6px",
  },
  "&:focus-within": { outline: "3px solid var(--focus)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", fontSize: "0.9rem", minHeight: "7rem", maxHeight: "22rem" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--faint)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--here)" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-wrong": { textDecoration: "underline wavy var(--bad)", backgroundColor: "var(--bad-ground)" },
});

const mark = StateEffect.define<number | null>();
const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(now, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(mark)) continue;
      const { lines } = transaction.state.doc;
      if (effect.value === null || effect.value < 1 || effect.value > lines) return Decoration.none;
      const { from } = transaction.state.doc.line(effect.value);
      return Decoration.set(Decoration.line({ class: "cm-wrong" }).range(from));
    }
    return now.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

export class Editor {
  private readonly view: EditorView;

  constructor(parent: HTMLElement, changed: () => void) {
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          indentUnit.of("    "),
          bracketMatching(),
          highlightActiveLine(),
          python(),
          syntaxHighlighting(COLOURS),
          LOOKS,
          marked,
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.contentAttributes.of({
            "aria-label": "Python code that defines hash_func",
            "aria-describedby": "code-error",
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed();
          }),
        ],
      }),
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  set text(text: string) {
    if (text !== this.text)
      this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
  }

  /** Into another tree, where its styles have to be, and the selection is another one. */
  moved(root: Document | ShadowRoot): void {
    this.view.setRoot(root);
  }

  /** Shows where something is wrong. */
  mark(line: number | null): void {
    this.view.dispatch({ effects: mark.of(line) });
  }
}
