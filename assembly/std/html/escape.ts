/**
 * Text as HTML.
 *
 * @module
 */

/**
 * Text as it is written in HTML, between tags and in quoted values of attributes: `&`, `<`, `>`, `"` and `'` become character
 * references. It is safe there and nowhere else: not in scripts, styles, comments or names.
 *
 * @example
 * const html = "<p title='" + escapeHtml(name) + "'>" + escapeHtml(name) + "</p>";
 */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
