const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in HTML, between tags and in quoted attributes. */
export function escaped(text: string | number): string {
  return String(text).replace(/[&<>"']/g, character => ENTITIES[character] ?? character);
}

/** The same for command lines and their parts: lines end between words or after a comma, never after a hyphen. */
export function escapedWords(text: string): string {
  return text
    .split(' ')
    .map(word => word.replace(/[^,]+,*|,+/g, part => `<span class="word">${escaped(part)}</span>`))
    .join(' ');
}
