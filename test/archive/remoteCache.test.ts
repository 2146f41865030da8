import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeActionResult, encodeActionResult } from '../../src/cache/remote/actionResult.js';
import { succeeded } from '../support/archive.js';
import { kept, machine, type Packed, packCold, packOn } from '../support/cached.js';
import { BEHAVED, type CacheServer, type Misbehaviour, startCacheServer } from '../support/cacheServer.js';
import { PROGRAM, run } from '../support/cli.js';
import { kernelTree, noise } from '../support/kernelTree.js';
import { freePort, type Nginx, startNginx } from '../support/nginx.js';
import { scratch } from '../support/scratch.js';
import { sha256 } from '../support/snapshot.js';
import { unless } from '../support/tools.js';

const work = scratch({ after });
const tree = kernelTree(
  join(work, 'tree'),
  Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`include/linux/n${i}.h`, noise(5000, i)])),
);
const BLOCKS = 17;
const KEY = { KHEADERS_PACK_CACHE_KEY: 'sixteen letters!' };
/** Milliseconds that a pack may take longer with a server than without. */
const ALLOWED = 1000;
/** What a busy machine may add to that: less than any time that a server is waited for without such a rule. */
const NOISE = 1500;

let expected = '';
let coldTime = 0;

async function measureCold(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    expected = await packCold(tree, join(work, 'cold.tar.xz'));
    coldTime = Math.max(coldTime, performance.now() - start);
  }
}

before(measureCold);

/** The machine may be busier by now than when it was measured. */
async function assertInTime(took: number): Promise<void> {
  if (took >= coldTime + ALLOWED + NOISE) await measureCold();
  assert.ok(took < coldTime + ALLOWED + NOISE, `${took.toFixed(0)} ms, without a server ${coldTime.toFixed(0)}`);
}

let machines = 0;

/** Packs on a machine that has never packed before, with a server; the archive has to be right, and there in time. */
async function packWith(
  url: string,
  variables: Readonly<Record<string, string>> = {},
  options: Parameters<typeof packOn>[3] = {},
): Promise<Packed> {
  const name = `machine${machines++}`;
  const start = performance.now();
  const packed = await packOn(
    machine(work, name),
    tree,
    join(work, `${name}.tar.xz`),
    { remoteCache: url, ...options },
    variables,
  );
  const took = performance.now() - start;
  assert.equal(packed.digest, expected);
  await assertInTime(took);
  return packed;
}

const origins = ({ cache }: Packed): readonly number[] => [
  cache.blocks.local,
  cache.blocks.remote,
  cache.blocks.encoded,
];

function assertServed(packed: Packed): void {
  assert.deepEqual(origins(packed), [0, BLOCKS, 0], JSON.stringify(packed.cache));
  assert.deepEqual(packed.notices, []);
}

function assertGivenUp(packed: Packed, reason: RegExp): void {
  assert.equal(packed.notices.length, 1, packed.notices.join('\n'));
  assert.match(packed.notices[0] ?? '', /^Going on without the cache server http:\/\/127\.0\.0\.1:\d+\/(?:farm\/)?: /);
  assert.match(packed.notices[0] ?? '', reason);
}

describe('a real nginx with WebDAV', { skip: unless('nginx') }, () => {
  async function nginx(t: TestContext, server = ''): Promise<Nginx> {
    const started = await startNginx(join(scratch(t), 'nginx'), { server });
    t.after(() => started.kill());
    return started;
  }

  for (const [how, variables] of [
    ['a key', KEY],
    ['no key', {}],
  ] as const) {
    it(`serves a second machine, with ${how}`, async t => {
      const { url, root } = await nginx(t);
      const first = await packWith(url, variables);
      assert.deepEqual([origins(first), first.notices], [[0, 0, BLOCKS], []]);
      const second = await packWith(url, variables);
      assertServed(second);
      assert.equal(second.cache.remote, url);
      assert.equal(second.cache.bytesSaved, first.summary.bytes.tar);
      // What it holds is what Bazel's clients would have put there.
      const blobs = readdirSync(join(root, 'cas'));
      for (const name of blobs) assert.equal(sha256(readFileSync(join(root, 'cas', name))), name);
      for (const name of readdirSync(join(root, 'ac'))) {
        assert.ok(blobs.includes(decodeActionResult(readFileSync(join(root, 'ac', name)))?.hash ?? ''));
      }
      // A third machine without a cache of its own.
      assertServed(await packWith(url, variables, { cache: false }));
    });
  }

  it('under a path, and with basic auth, serves those whom it lets in', async t => {
    const { url } = await nginx(
      t,
      `location /farm/ { if ($http_authorization != "Basic ${Buffer.from('me:secret').toString('base64')}") { return 401; } }`,
    );
    const login = { KHEADERS_PACK_REMOTE_USER: 'me', KHEADERS_PACK_REMOTE_PASSWORD: 'secret' };
    assert.deepEqual((await packWith(`${url}farm`, login)).notices, []);
    assertServed(await packWith(`${url}farm/`, login));
    assertGivenUp(
      await packWith(`${url}farm/`, { KHEADERS_PACK_REMOTE_TOKEN: 'wrong' }),
      /it answers 401 to GET \(credentials: /,
    );
  });

  it('that lets nobody write serves those who read, and is told of once', async t => {
    const { url, root } = await nginx(t);
    await packWith(url);
    const files = readdirSync(join(root, 'ac'));
    rmSync(join(root, 'ac', files[0] ?? ''));
    const readOnly = await nginx(t, `location / { root ${root}; limit_except GET { deny all; } }`);
    const packed = await packWith(readOnly.url);
    assert.deepEqual(origins(packed), [0, BLOCKS - 1, 1]);
    assert.deepEqual(packed.notices, [`Sending nothing to the cache server ${readOnly.url}: it answers 403 to PUT`]);
    const silent = await packWith(readOnly.url, {}, { remoteReadOnly: true });
    assert.deepEqual([origins(silent), silent.notices], [[0, BLOCKS - 1, 1], []]);
  });

  it('with its disk unreadable, with errors, and killed in the middle, costs a second at most', async t => {
    const server = await nginx(t);
    await packWith(server.url);
    for (const kind of ['ac', 'cas']) {
      // Whoever is root reads it all the same: then everything is served.
      chmodSync(join(server.root, kind), 0);
      await packWith(server.url);
      chmodSync(join(server.root, kind), 0o755);
    }
    assertGivenUp(await packWith((await nginx(t, 'return 503;')).url), /it answers 503 to GET$/);
    // 20 kB a second: the first Blocks are under way when it ends.
    const slow = await startNginx(join(scratch(t), 'slow'), {
      server: `location / { root ${server.root}; limit_rate 20k; }`,
    });
    const packing = packWith(slow.url);
    await sleep(150);
    await slow.kill();
    assertGivenUp(await packing, /connection re(?:set|fused)|socket hang up|aborted|cut off|too slow/);
  });

  it('that is not there, or sends too slowly, costs a second at most', async t => {
    assertGivenUp(await packWith(`http://127.0.0.1:${await freePort()}/`), /: connection refused$/);
    const { url, root } = await nginx(t);
    await packWith(url);
    const slow = await nginx(t, `location / { root ${root}; limit_rate 2k; }`);
    assertGivenUp(await packWith(slow.url), /: it is too slow$/);
  });
});

describe('a server that does wrong costs a second at most, and its answers are never believed:', () => {
  let server: CacheServer;
  let filled: ReadonlyMap<string, Buffer>;
  let keyed: ReadonlyMap<string, Buffer>;

  before(async () => {
    server = await startCacheServer();
    await packWith(server.url);
    filled = new Map(server.stored);
    server.stored.clear();
    await packWith(server.url, KEY);
    keyed = new Map(server.stored);
    assert.deepEqual([filled.size, keyed.size], [2 * BLOCKS, 2 * BLOCKS]);
  });
  after(() => server.close());

  /** Packs on a new machine with the server filled, and doing what it is told. */
  async function against(misbehave: Misbehaviour, variables: Record<string, string> = {}): Promise<Packed> {
    server.stored.clear();
    for (const [path, bytes] of variables === KEY ? keyed : filled) server.stored.set(path, bytes);
    server.seen.length = 0;
    server.misbehave = misbehave;
    try {
      return await packWith(server.url, variables);
    } finally {
      server.misbehave = BEHAVED;
    }
  }

  const isGet = ({ method }: { method: string }, path: string, kind: string): boolean =>
    method === 'GET' && path.startsWith(kind);

  const HANGS: Readonly<Record<string, readonly [Misbehaviour, RegExp]>> = {
    'it never answers': [() => true, /: it is too slow$/],
    'it sends a head and nothing more': [
      (_, response) => {
        response.writeHead(200, { 'content-length': 100 }).flushHeaders();
        return true;
      },
      /: it is too slow$/,
    ],
    'it sends a byte at a time': [
      (_, response) => {
        response.writeHead(200, { 'content-length': 10_000 });
        const timer = setInterval(() => response.write('x'), 50);
        response.on('close', () => clearInterval(timer));
        return true;
      },
      /: it is too slow$/,
    ],
    'it takes a second for each answer': [() => sleep(1000, false), /: it is too slow$/],
    'it fails': [
      (_, response) => {
        response.writeHead(500).end('sorry');
        return true;
      },
      /: it answers 500 to GET$/,
    ],
    'it has moved in circles': [
      ({ path }, response) => {
        response.writeHead(302, { location: `/${path}` }).end();
        return true;
      },
      /: it redirects too often$/,
    ],
    'it closes every connection': [
      (_, response) => {
        response.destroy();
        return true;
      },
      /socket hang up|connection reset/,
    ],
    'it turns us away': [
      (_, response) => {
        response.writeHead(403).end();
        return true;
      },
      /: it answers 403 to GET \(credentials: /,
    ],
    'it speaks no HTTP': [
      (_, response) => {
        response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n');
        return true;
      },
      /Parse Error/,
    ],
    'it cuts blobs off': [
      ({ method, path }, response, stored) => {
        if (!isGet({ method }, path, 'cas')) return false;
        const bytes = stored.get(path) ?? Buffer.alloc(0);
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
        return true;
      },
      /aborted|cut off|connection reset/,
    ],
    'it sends more than was asked for': [
      ({ method, path }, response) => {
        if (!isGet({ method }, path, 'ac')) return false;
        response.writeHead(200, { 'transfer-encoding': 'chunked' });
        const flood = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        };
        response.on('drain', flood);
        flood();
        return true;
      },
      /: it sends more than was asked for$/,
    ],
  };

  for (const [what, [misbehave, reason]] of Object.entries(HANGS)) {
    it(what, async () => {
      const packed = await against(misbehave);
      assert.equal(packed.cache.blocks.remote, 0);
      assertGivenUp(packed, reason);
    });
  }

  it('it is busy at times: what fails is asked for again', async () => {
    const asked = new Set<string>();
    const packed = await against(({ method, path }, response) => {
      const isFirst = !asked.has(method + path);
      asked.add(method + path);
      if (isFirst) response.writeHead(503).end();
      return isFirst;
    });
    assertServed(packed);
  });

  it('it takes part of a second: the pack goes on while every worker is busy, and is served', async () => {
    assertServed(await against(() => sleep(40, false), KEY));
  });

  /** Changes what is sent for some path. */
  const sending =
    (kind: string, change: (bytes: Buffer, stored: Map<string, Buffer>) => Buffer): Misbehaviour =>
    ({ method, path }, response, stored) => {
      const bytes = stored.get(path);
      if (!isGet({ method }, path, kind) || bytes === undefined) return false;
      response.writeHead(200).end(change(bytes, stored));
      return true;
    };
  const flipped = (bytes: Buffer): Buffer => {
    const changed = Buffer.from(bytes);
    changed[bytes.length >> 1] = (changed[bytes.length >> 1] ?? 0) ^ 1;
    return changed;
  };
  /** Another Block's blob than the one that was asked for, whole and unchanged. */
  const another = (_: Buffer, stored: Map<string, Buffer>): Buffer =>
    [...stored].find(([path]) => path.startsWith('cas'))?.[1] ?? Buffer.alloc(0);
  const named = (blob: Buffer): Buffer => encodeActionResult({ hash: sha256(blob), size: blob.length });

  const LIES: Readonly<Record<string, Misbehaviour>> = {
    'a bit of a blob': sending('cas', flipped),
    'a shorter blob': sending('cas', bytes => bytes.subarray(0, -4)),
    'an empty blob': sending('cas', () => Buffer.alloc(0)),
    'zeros for a blob': sending('cas', bytes => Buffer.alloc(bytes.length)),
    'no result': sending('ac', () => Buffer.from('<html>It works!</html>')),
    'an empty result': sending('ac', () => Buffer.alloc(0)),
    'a result that names a huge blob': sending('ac', () => encodeActionResult({ hash: '0'.repeat(64), size: 2 ** 45 })),
  };
  for (const [what, misbehave] of Object.entries(LIES)) {
    for (const [how, variables] of [
      ['a key', KEY],
      ['no key', {}],
    ] as const) {
      it(`it sends ${what}, to who has ${how}`, async () => {
        const packed = await against(misbehave, variables);
        assert.deepEqual(origins(packed), [0, 0, BLOCKS]);
        assert.equal(packed.cache.dropped, BLOCKS);
        assert.deepEqual(packed.notices, [`Refused ${BLOCKS} answers of the cache server, damaged or not ours`]);
        // What was wrong has been put right: the next machine is served.
        assertServed(await packWith(server.url, variables));
      });
    }
  }

  it("another Block's entry, named by a result of its own, is refused with a key and without", async () => {
    for (const variables of [KEY, {}]) {
      const packed = await against(
        sending('ac', (_, stored) => named(another(_, stored))),
        variables,
      );
      // One of the results happens to name the Block that was asked for.
      assert.deepEqual(origins(packed), [0, 1, BLOCKS - 1]);
      assert.equal(packed.cache.dropped, BLOCKS - 1);
    }
  });

  it('a forged Block: other contents, all digests right, are refused without a key as well', async () => {
    const other = kernelTree(join(work, 'other'), { 'include/linux/n3.h': '#define BACKDOOR 1\n' });
    server.stored.clear();
    await packOn(machine(work, 'forger'), other, join(work, 'forger.tar.xz'), { remoteCache: server.url });
    const [forged] = [...server.stored].filter(([path]) => path.startsWith('cas')).map(([, bytes]) => bytes);
    assert.ok(forged !== undefined);
    // Under the key that was asked for, and of the size that was expected.
    const packed = await against(({ method, path }, response, stored) => {
      if (!isGet({ method }, path, 'ac')) return false;
      const good =
        stored.get(`cas/${decodeActionResult(stored.get(path) ?? Buffer.alloc(0))?.hash}`) ?? Buffer.alloc(0);
      const entry = Buffer.from(forged);
      good.copy(entry, 8, 8, 40);
      good.copy(entry, 48, 48, 56);
      stored.set(`cas/${sha256(entry)}`, entry);
      response.writeHead(200).end(named(entry));
      return true;
    });
    assert.deepEqual(origins(packed), [0, 0, BLOCKS]);
    assert.equal(packed.cache.dropped, BLOCKS);
  });

  it('credentials are not sent where a redirection leads', async t => {
    const elsewhere = await startCacheServer();
    t.after(() => elsewhere.close());
    for (const [path, bytes] of filled) elsewhere.stored.set(path, bytes);
    const token = { KHEADERS_PACK_REMOTE_TOKEN: 'a secret token' };
    const packed = await against(({ method, path }, response) => {
      if (method === 'PUT') return false;
      response.writeHead(307, { location: `${elsewhere.url}${path}` }).end();
      return true;
    }, token);
    assertServed(packed);
    assert.ok(server.seen.every(({ authorization }) => authorization === 'Bearer a secret token'));
    assert.ok(elsewhere.seen.length >= 2 * BLOCKS);
    assert.ok(elsewhere.seen.every(({ authorization }) => authorization === undefined));
    assert.doesNotMatch(JSON.stringify(packed), /a secret token/);
  });
});

describe('a server that accepts connections and never reads', () => {
  it('costs a second at most', async t => {
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise(resolve => silent.once('listening', resolve));
    const sockets = new Set<{ destroy(): void }>();
    silent.on('connection', socket => sockets.add(socket.on('error', () => undefined)));
    t.after(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const address = silent.address();
    assert.ok(typeof address === 'object' && address !== null);
    assertGivenUp(await packWith(`http://127.0.0.1:${address.port}/`), /: it is too slow$/);
  });
});

describe('a name', () => {
  it('that the system knows leads to the server, and one that it does not know is told of', async t => {
    const server = await startCacheServer();
    t.after(() => server.close());
    const url = server.url.replace('127.0.0.1', 'localhost');
    await packWith(url);
    assertServed(await packWith(url));
    const { notices } = await packWith('http://no.such.host.invalid/');
    assert.deepEqual(notices, ['Going on without the cache server http://no.such.host.invalid/: no such host']);
  });

  const skip = process.getuid?.() === 0 ? unless('unshare', 'mount') : 'only root can have a name server of its own';
  it('that the name server says nothing about costs a second at most, to the end of the program', { skip }, async t => {
    const nameServer = createSocket('udp4');
    t.after(() => nameServer.close());
    const error = await new Promise(resolve =>
      nameServer.on('error', resolve).bind(53, '127.0.0.77', () => resolve(null)),
    );
    if (error !== null) return t.skip(`nobody may serve names here: ${error}`);
    const configuration = join(work, 'resolv.conf');
    writeFileSync(configuration, 'nameserver 127.0.0.77\n');
    const args = [
      tree,
      '--arch',
      'x86',
      '-q',
      '--preset',
      '0',
      '--block-size',
      '16KiB',
      '-o',
      join(work, 'named.tar.xz'),
    ];
    const inNamespace = `mount --bind "$0" /etc/resolv.conf && exec "$@"`;
    const timed = async (more: readonly string[]): Promise<{ took: number; stderr: string }> => {
      const command = ['-m', 'sh', '-c', inNamespace, configuration, process.execPath, PROGRAM, ...args, ...more];
      const start = performance.now();
      const { stderr } = succeeded(await run('unshare', command));
      return { took: performance.now() - start, stderr };
    };
    const without = await timed(['--no-cache']);
    const { took, stderr } = await timed(['--remote-cache', 'http://cache.farm.example:8080']);
    assert.ok(took < without.took + ALLOWED + NOISE, `${took} ms, without a server ${without.took}`);
    assert.equal(stderr, '');
    assert.equal(sha256(readFileSync(join(work, 'named.tar.xz'))), expected);
  });
});

describe("this machine's cache", () => {
  it('keeps what the server had, and needs the server no more', async t => {
    const server = await startCacheServer();
    t.after(() => server.close());
    await packWith(server.url);
    const here = machine(work, 'twice');
    const archive = join(work, 'twice.tar.xz');
    assertServed(await packOn(here, tree, archive, { remoteCache: server.url }));
    assert.equal(kept(here, 'blocks').length, BLOCKS);
    server.seen.length = 0;
    const again = await packOn(here, tree, archive, { remoteCache: server.url });
    assert.deepEqual([origins(again), server.seen.length], [[BLOCKS, 0, 0], 0]);
  });
});
