const ENTITIES: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters other than tab, line feed and return: XML 1.0 cannot hold them, even escaped. */
const NOT_XML = /[^\P{Control}\t\n\r]|[\ufffe\uffff]/gu;

/** For XML and HTML, in text and in quoted attributes. */
export function xmlEscape(value: string): string {
  return value
    .toWellFormed()
    .replace(NOT_XML, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** A value in a line or table cell of Markdown, shown as it is: no markup, HTML, link or new row. */
export function markdownEscape(value: string): string {
  const oneLine = value.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ');
  return oneLine
    .replace(/[\\`*_[\]|~]/g, '\\$&')
    .replace(/[&<>]/g, (character) => ENTITIES[character] ?? character)
    .replace(/^(\s*)([#+-]+)(?=\s)/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s)/, '$1\\$2')
    .replace(/:\/\//g, ':&#47;&#47;');
}
