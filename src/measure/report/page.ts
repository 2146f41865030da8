import { createHash } from 'node:crypto';
import { formatBytes, formatSize } from '../../bytes/size.js';
import { intervalText } from '../answers.js';
import type { BenchResult } from '../result.js';
import { answersSection } from './answersTable.js';
import { type Drawing, WIDTHS } from './canvas.js';
import { escaped, escapedWords } from './escape.js';
import { numbered } from './numbered.js';
import { resultTable } from './resultTable.js';
import { SORT_SCRIPT } from './sortScript.js';
import { PAGE_STYLE } from './style.js';

/** Nothing is fetched, whatever the page holds: no network, and no script but ours. */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash('sha256').update(SORT_SCRIPT).digest('base64')}'`,
].join('; ');

/** One page that holds all it needs. */
export function pageText(result: BenchResult, drawings: readonly Drawing[], command: string): string {
  const { input, started, notices } = result;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${escaped(POLICY)}">
<title>kheaders-pack bench: ${escaped(input.name)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<h1>kheaders-pack bench</h1>
<p>${escaped(input.name)}, ${escaped(formatBytes(input.tarBytes))} of tar, ${escaped(started.replace('T', ' ').replace(/\..*$/, ' UTC'))}</p>
${notices.map(notice => `<p class="notice">${escaped(notice)}</p>`).join('\n')}
${drawings.map(figure).join('\n')}
<h2>All results</h2>
${resultTable(result)}
<p class="soft">${escaped(tableNote(result))}</p>
${answersSection(result)}
<h2>What was run</h2>
<p><code>${escapedWords(command)}</code></p>
<ol>
${numbered(result)
  .map(({ each }) => `<li><code>${escapedWords(each.command)}</code>${versionOf(each.version)}</li>`)
  .join('\n')}
</ol>
<p class="soft">TAR is the tar of the first settings (sha256 ${escaped(input.tarDigest)}), the same for all; with a tree, ours read and
strip it in the time given, and of the others only gen_kheaders.sh does.</p>
<h2>Where</h2>
<dl>
${environmentList(result)}
</dl>
<script>${SORT_SCRIPT}</script>
</body>
</html>
`;
}

function figure({ name, title, caption, draw }: Drawing): string {
  return `<figure id="${escaped(name)}">
<h2>${escaped(title)}</h2>
<div class="wide">${draw(WIDTHS.wide)}</div>
<div class="narrow">${draw(WIDTHS.narrow)}</div>
<figcaption>${escaped(caption)}</figcaption>
</figure>`;
}

function tableNote({ contenders }: BenchResult): string {
  const decoders = new Set(contenders.flatMap(({ decode }) => (decode === null ? [] : [decode.command])));
  return [
    'Bold: on the front of size and time.',
    '?: more runs could change that.',
    `Interval: ${intervalText(contenders)}.`,
    'CPU seconds and peak memory are of the whole process.',
    `Decode: the tar per second of ${decoders.size === 0 ? 'no decoder, none was found' : [...decoders].join(', ')}, one thread.`,
  ].join(' ');
}

function versionOf(version: string): string {
  return version === '' ? '' : ` <span class="soft">${escaped(version)}</span>`;
}

function environmentList({ environment, tool }: BenchResult): string {
  const facts = {
    version: `${tool.name} ${tool.version}, liblzma ${environment.codecBuild} build, node ${environment.node}`,
    processor: `${environment.processor}, ${environment.processors} to use`,
    memory: formatSize(environment.memory),
    system: environment.system,
    'load at the start': environment.load.toFixed(2),
  };
  return Object.entries(facts)
    .map(([term, fact]) => `<dt>${escaped(term)}</dt><dd>${escaped(fact)}</dd>`)
    .join('\n');
}
