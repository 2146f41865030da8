/**
 * Preloaded with `--import`, in the workers too: right before the CHANGE_AT-th opening (1 is the first reading, 2 the
 * one for the archive) of the file named by CHANGE_FILE, that file is changed as CHANGE_HOW says. Openings are counted
 * by thread, so the pack has to have one job.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const file = process.env['CHANGE_FILE'] ?? '';
const at = Number(process.env['CHANGE_AT']);
const original = fs.openSync;
let openings = 0;

const CHANGES: Readonly<Record<string, () => void>> = {
  append: () => fs.appendFileSync(file, '#define MORE 1\n'),
  truncate: () => fs.truncateSync(file, 3),
  'same size': () => fs.writeFileSync(file, Buffer.alloc(fs.statSync(file).size, 'x')),
  vanish: () => fs.rmSync(file),
  link: () => {
    fs.rmSync(file);
    fs.symlinkSync('least.h', file);
  },
  directory: () => {
    fs.rmSync(file);
    fs.mkdirSync(file);
  },
  FIFO: () => {
    fs.rmSync(file);
    spawnSync('mkfifo', [file]);
  },
};

fs.openSync = (path, ...rest) => {
  if (String(path) === file && ++openings === at) CHANGES[process.env['CHANGE_HOW'] ?? '']?.();
  return original(path, ...rest);
};
syncBuiltinESMExports();
