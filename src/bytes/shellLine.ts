/** What a POSIX shell takes as it stands. */
const PLAIN = /^[\w./:=,@%+-]+$/;

/** Words as one line for a shell, which takes it apart into these words again. */
export function shellLine(words: readonly string[]): string {
  return words.map(word => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}
