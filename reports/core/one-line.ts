/** What a system answered may hold line feeds and escape sequences; neither may reach the terminal. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\p{Control}/gu, '');
}
