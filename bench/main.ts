import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { releaseTrees } from '../corpus/trees.js';
import { codecBuild } from '../src/lzma/build.js';
import { bundleRows } from './bundle.js';
import { microRows } from './micro.js';
import { pipelineRows, type Variant } from './pipeline.js';
import { benchTree } from './sample.js';
import { settingsTable } from './settings.js';
import { tableText } from './table.js';
import { versusRows } from './versus.js';

const HELP = `Usage: npm run bench [-- OPTIONS]

  --suite LIST       micro, pipeline, versus (default: all three), bundle, settings (some minutes)
  --tree NAME        a tree of the corpus (default: the first; a generated one where there is none)
  --jobs LIST        for pipeline (default: 1,2)
  --block-size LIST  for pipeline (default: 2MiB,4MiB)
  --repetitions N    for pipeline and versus (default: 5)
  --time MS          for each micro-benchmark (default: 1000)
`;

const { values } = parseArgs({
  options: {
    suite: { type: 'string', default: 'micro,pipeline,versus' },
    tree: { type: 'string' },
    jobs: { type: 'string', default: '1,2' },
    'block-size': { type: 'string', default: '2MiB,4MiB' },
    repetitions: { type: 'string', default: '5' },
    time: { type: 'string', default: '1000' },
    help: { type: 'boolean', default: false },
  },
});

// What is measured is packing, not finding what was packed before.
process.env['KHEADERS_PACK_CACHE'] = 'off';

if (values.help) process.stdout.write(HELP);
else await runSuites();

async function runSuites(): Promise<void> {
  const tree = benchTree(values.tree);
  const suites = values.suite.split(',');
  const repetitions = Number(values.repetitions);
  const processor = cpus()[0]?.model ?? 'unknown processor';
  process.stdout.write(
    `Tree: ${tree.name}\n${processor}, ${availableParallelism()} processors, node ${process.version}, liblzma ${codecBuild()} build\n\n`,
  );
  try {
    if (suites.includes('micro')) {
      process.stdout.write(
        `${tableText('Micro: one thread, 4 MiB of headers', await microRows(tree, Number(values.time)))}\n`,
      );
    }
    if (suites.includes('pipeline')) {
      const rows = pipelineRows(tree, variants(), repetitions);
      process.stdout.write(`${tableText('Pipeline: whole packs, in turns', rows)}\n`);
    }
    if (suites.includes('versus')) {
      const rows = versusRows(tree, repetitions);
      const title = rows.length === 0 ? 'Versus: skipped, the tree has no kernel/gen_kheaders.sh' : 'Versus: in turns';
      process.stdout.write(tableText(title, rows));
    }
    if (suites.includes('bundle')) {
      const rows = bundleRows(releaseTrees(), repetitions);
      const title =
        rows.length === 0 ? 'Bundle: skipped, no releases (npm run corpus -- --releases)' : 'Bundle: in turns';
      process.stdout.write(tableText(title, rows));
    }
    if (suites.includes('settings')) settingsTable(tree);
  } finally {
    tree.remove();
  }
}

function variants(): Variant[] {
  const sizes = values['block-size'].split(',');
  return values.jobs.split(',').flatMap(jobs => sizes.map(blockSize => ({ jobs: Number(jobs), blockSize })));
}
