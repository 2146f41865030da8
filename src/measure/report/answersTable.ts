import { type Answer, answersOf, gainText } from '../answers.js';
import type { BenchResult, Contended } from '../result.js';
import { escaped, escapedWords } from './escape.js';

/** For each peer, what of ours is both smaller and faster; nothing where there are no peers. */
export function answersSection(result: BenchResult): string {
  const answers = answersOf(result);
  if (answers.length === 0) return '';
  return `<h2>Smaller and faster</h2>
<p class="soft">For each of the others, the smallest of ours that beats it in both: with the same tar inside, and with another (ours that strip or order otherwise).</p>
<div class="scroll" tabindex="0" role="region" aria-label="Smaller and faster"><table>
<thead><tr><th scope="col" class="name">other</th><th scope="col" class="name">ours, same tar</th><th scope="col" class="name">ours, another tar</th></tr></thead>
<tbody>
${answers.map(rowOf).join('\n')}
</tbody>
</table></div>`;
}

function rowOf({ peer, onSameTar, otherwise }: Answer): string {
  return `<tr>${[peer.name, textOf(onSameTar, peer), textOf(otherwise, peer)].map(cell).join('')}</tr>`;
}

function textOf(ours: Contended | null, peer: Contended): string {
  return ours === null ? 'none' : `${ours.name}: ${gainText(ours, peer)}`;
}

function cell(text: string): string {
  return `<td class="name" data-value="${escaped(text)}">${escapedWords(text)}</td>`;
}
