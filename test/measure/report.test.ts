import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { reportPage, sizeTimeFile, svgFiles } from '../../src/measure/report/report.js';
import { listenTo, unlessBrowser, withBrowser } from '../support/browser.js';
import { run } from '../support/cli.js';
import { scratch } from '../support/scratch.js';
import { unless } from '../support/tools.js';
import { sampleResult, sampleTrace } from './benchSamples.js';

const work = scratch({ after });
/** What breaks out of text, of attributes in either quote, of a script and of a comment. */
const HOSTILE = `</code></script><script>document.title='taken'</script>"onload="alert(1)' -->&amp;`;
const TRACED = { name: `kheaders-pack ${HOSTILE}`, trace: sampleTrace() };

function written(name: string, hostile: string): string {
  const path = join(work, `${name}.html`);
  writeFileSync(path, reportPage(sampleResult(hostile), TRACED, `kheaders-pack bench ${hostile}`));
  return pathToFileURL(path).href;
}

describe('the report', () => {
  it('is the same text for the same result', () => {
    const once = reportPage(sampleResult(''), TRACED, 'c');
    assert.equal(reportPage(sampleResult(''), TRACED, 'c'), once);
  });

  it('asks for nothing, complains of nothing, and shows every drawing, on a desk and on a telephone, light and dark', {
    skip: unlessBrowser(),
  }, async () => {
    const url = written('calm', '');
    await withBrowser(async browser => {
      for (const [width, colorScheme] of [
        [1200, 'light'],
        [1200, 'dark'],
        [400, 'light'],
        [400, 'dark'],
      ] as const) {
        const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
        const heard = listenTo(page);
        await page.goto(url);
        const seen = await page.evaluate<{ drawings: number[]; overflow: number; ground: string; marks: number }>(`({
          drawings: [...document.querySelectorAll('svg')].map(svg => svg.getBoundingClientRect().width).filter(width => width > 0),
          overflow: document.documentElement.scrollWidth - innerWidth,
          ground: getComputedStyle(document.body).backgroundColor,
          marks: document.querySelectorAll('#size-time .wide [aria-label=dot] > *').length,
        })`);
        assert.equal(seen.drawings.length, 5, `${width}`);
        assert.ok(
          seen.drawings.every(drawn => drawn > 0.8 * Math.min(width, 1000) - 40),
          String(seen.drawings),
        );
        assert.ok(seen.overflow <= 0, `${width}: ${seen.overflow} pixels too wide`);
        assert.equal(seen.ground, colorScheme === 'dark' ? 'rgb(23, 24, 28)' : 'rgb(255, 255, 255)');
        assert.equal(seen.marks, 4);
        assert.deepEqual(heard, { requests: [url], complaints: [] });
        await page.close();
      }
    });
  });

  it('sorts its table by a click on a head, and the other way by another', { skip: unlessBrowser() }, async () => {
    await withBrowser(async browser => {
      const page = await browser.newPage();
      await page.goto(written('sorted', ''));
      const column = (index: number): Promise<string[]> =>
        page.locator(`#results tbody tr td:nth-child(${index})`).allTextContents();
      assert.deepEqual(await column(1), ['1', '2', '3', '4']);
      await page.getByRole('button', { name: 'seconds', exact: true }).click();
      assert.deepEqual(await column(5), ['2.13', '4.25', '8.50', '12.00']);
      await page.getByRole('button', { name: 'seconds', exact: true }).click();
      assert.deepEqual(await column(5), ['12.00', '8.50', '4.25', '2.13']);
      assert.equal(await page.locator('th[aria-sort=descending]').count(), 1);
      await page.getByRole('button', { name: 'name', exact: true }).click();
      assert.deepEqual(
        (await column(2)).map(name => name.trim().slice(0, 4)),
        ['khea', 'khea', 'khea', 'zstd'],
      );
    });
  });

  it('has its pictures and its table without JavaScript too, and no button that does nothing', {
    skip: unlessBrowser(),
  }, async () => {
    await withBrowser(async browser => {
      const context = await browser.newContext({ javaScriptEnabled: false });
      const page = await context.newPage();
      await page.goto(written('still', ''));
      assert.equal(await page.locator('svg:visible').count(), 5);
      assert.equal(await page.locator('#results tbody tr').count(), 4);
      assert.equal(await page.getByRole('button').count(), 0);
    });
  });

  it('shows hostile text as text, wherever it comes from', { skip: unlessBrowser() }, async () => {
    await withBrowser(async browser => {
      const page = await browser.newPage();
      const heard = listenTo(page);
      await page.goto(written('hostile', HOSTILE));
      assert.deepEqual(heard.complaints, []);
      assert.equal(await page.title(), `kheaders-pack bench: linux ${HOSTILE}`);
      assert.equal(await page.locator('script').count(), 1);
      assert.equal(await page.locator('[onload]').count(), 0);
      const text = (await page.locator('body').textContent()) ?? '';
      // Name, command, version, notice, processor, the table's row, and the caption of the traced run.
      assert.ok(text.split("</code></script><script>document.title='taken'").length > 7, text);
    });
  });
});

describe('the drawings as files', () => {
  const files = svgFiles(sampleResult(HOSTILE), TRACED);

  it('are five, and as many as there is something to draw for', () => {
    assert.deepEqual([...files.keys()], ['size-time.svg', 'scaling.svg', 'stages.svg', 'workers.svg', 'queues.svg']);
    const plain = sampleResult('');
    const [first] = plain.contenders;
    assert.ok(first !== undefined);
    const alone = svgFiles({ ...plain, contenders: [first] }, null);
    assert.deepEqual([...alone.keys()], ['size-time.svg', 'stages.svg']);
  });

  it('name each point where no table stands beside them, ours by its options', () => {
    const labels = [...sizeTimeFile(sampleResult('')).matchAll(/>([^<>]+)<\/text>/g)].map(match => match[1] ?? '');
    for (const name of ['--jobs 1', '--jobs 2', '--jobs 4', 'zstd ']) assert.ok(labels.includes(name), name);
  });

  it('are well-formed XML', { skip: unless('python3') }, async () => {
    for (const [name, text] of files) {
      const path = join(work, name);
      writeFileSync(path, text);
      const script = 'import sys, xml.etree.ElementTree as e; print(e.parse(sys.argv[1]).getroot().tag)';
      const { stdout, stderr } = await run('python3', ['-c', script, path]);
      assert.equal(stdout.toString(), '{http://www.w3.org/2000/svg}svg\n', `${name}: ${stderr}`);
    }
  });
});
