/**
 * Packs the same tree again and again in one process, through the library, and looks after each pack at what the process
 * holds. It is a program of its own, so that nothing else is in the process:
 *
 *     node --expose-gc dist/corpus/load/packsInARow.js TREE COUNT
 *
 * prints a `Holding` as JSON for each pack, a line each.
 */
import { spawn } from 'node:child_process';
import { type EventEmitter, getEventListeners, once } from 'node:events';
import { readdirSync } from 'node:fs';
import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pack } from '../../src/index.js';

/** What the process holds when a pack is over. */
export interface Holding {
  /** Bytes of JavaScript's heap in use, after a collection. */
  readonly heap: number;
  /** Bytes of buffers. */
  readonly buffers: number;
  /** Bytes resident. */
  readonly resident: number;
  readonly threads: number;
  readonly descriptors: number;
  /** What keeps the event loop alive, in libuv's words. */
  readonly resources: readonly string[];
  /** Listeners of the process, of the writable and of the signal that all packs have in common. */
  readonly listeners: number;
  /** What Node warned of: too many listeners, say. */
  readonly warnings: number;
}

const OWN_PATH = fileURLToPath(import.meta.url);
const MIB = 2 ** 20;
/** Of the packs, the part in which caches fill and code is compiled. */
const WARM_UP = 0.3;
/** What may be gained between the packs after the warm-up and the last, in bytes: the noise of a collector, and of malloc. */
const HEAP_GAIN = 2 * MIB;
const RESIDENT_GAIN = 32 * MIB;

/** Packs so often in a new process. */
export async function packsInARow(tree: string, count: number): Promise<Holding[]> {
  const args = ['--expose-gc', OWN_PATH, tree, String(count)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (piece: Buffer) => {
    text += piece.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${count} packs in a row ended with exit code ${code}`);
  return text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Holding);
}

/** What has grown over the packs, in words; nothing where all is as it should be. */
export function growth(holdings: readonly Holding[]): string[] {
  const settled = holdings.slice(Math.floor(WARM_UP * holdings.length));
  const some = Math.max(1, Math.floor(settled.length / 4));
  const [early, late] = [settled.slice(0, some), settled.slice(-some)];
  const gain = (of: (holding: Holding) => number): number => least(late, of) - least(early, of);
  const wrong: string[] = [];
  const bounded = (what: string, of: (holding: Holding) => number, most: number): void => {
    if (gain(of) > most) wrong.push(`${what}: ${gain(of)} more after ${holdings.length} packs, ${most} are allowed`);
  };
  bounded('bytes of heap', holding => holding.heap, HEAP_GAIN);
  bounded('bytes of buffers', holding => holding.buffers, HEAP_GAIN);
  bounded('bytes resident', holding => holding.resident, RESIDENT_GAIN);
  bounded('threads', holding => holding.threads, 0);
  bounded('descriptors', holding => holding.descriptors, 0);
  bounded('resources', holding => holding.resources.length, 0);
  bounded('listeners', holding => holding.listeners, 0);
  bounded('warnings', holding => holding.warnings, 0);
  return wrong;
}

/** The least, since noise only adds. */
function least(holdings: readonly Holding[], of: (holding: Holding) => number): number {
  return Math.min(...holdings.map(of));
}

async function holding(shared: readonly EventEmitter[], signal: AbortSignal, warnings: number): Promise<Holding> {
  // Ports and threads are let go of in a later turn than the one that ends the pack.
  for (let turn = 0; turn < 3; turn++) await setImmediate();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return {
    heap: heapUsed,
    buffers: arrayBuffers,
    resident: rss,
    threads: readdirSync('/proc/self/task').length,
    descriptors: readdirSync('/proc/self/fd').length,
    resources: process.getActiveResourcesInfo(),
    listeners: shared.reduce((sum, each) => sum + countListeners(each), getEventListeners(signal, 'abort').length),
    warnings,
  };
}

function countListeners(emitter: EventEmitter): number {
  return emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
}

if (process.argv[1] === OWN_PATH) {
  const [tree = '', count = '1'] = process.argv.slice(2);
  const { signal: never } = new AbortController();
  const output = new Writable({ write: (_piece, _encoding, done) => done() });
  let warnings = 0;
  process.on('warning', () => warnings++);
  for (let i = 0; i < Number(count); i++) {
    // One of them in ten is stopped: what is given up is let go of, too.
    const signal = i % 10 === 9 ? AbortSignal.timeout(1) : never;
    const options = {
      trees: [tree],
      arch: 'x86',
      jobs: 2,
      preset: '0',
      blockSize: '256KiB',
      cache: false,
      output,
      signal,
    };
    await pack(options).catch(error => {
      if (error.code !== 'E_ABORTED') throw error;
    });
    process.stdout.write(`${JSON.stringify(await holding([process, output], never, warnings))}\n`);
  }
}
