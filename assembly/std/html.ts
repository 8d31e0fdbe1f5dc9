/**
 * HTML that is changed as it passes.
 *
 * @module
 */
export { HtmlEditor } from "./html/editor";
export { HtmlElement } from "./html/element";
export { escapeHtml } from "./html/escape";
