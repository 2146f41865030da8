/**
 * JSON with one form for one value, so that equal documents are equal bytes: that of RFC 8785 (JSON Canonicalization
 * Scheme). No white space; the properties of an object sorted by the UTF-16 code units of their names; strings and
 * numbers as ECMAScript's `JSON.stringify` writes them, which is what the RFC asks for. Properties that are undefined are
 * left out. Everything canonical that we write ends with a newline, which the RFC does not have.
 *
 * @throws RangeError for a number that JSON does not have, TypeError for anything that is no JSON value
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError(`Not a number of JSON: ${value}`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError(`Not a value of JSON: ${typeof value}`);
  const properties: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const inner = (value as Readonly<Record<string, unknown>>)[key];
    if (inner !== undefined) properties.push(`${JSON.stringify(key)}:${canonicalJson(inner)}`);
  }
  return `{${properties.join(',')}}`;
}
