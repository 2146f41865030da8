import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { generateTree } from '../../corpus/synthetic.js';
import { succeeded } from '../support/archive.js';
import { run, runCli } from '../support/cli.js';
import { scratch } from '../support/scratch.js';
import { sha256 } from '../support/snapshot.js';
import { unless } from '../support/tools.js';

/** A URI as RFC 3986 has it: a scheme, and no character that must be escaped. */
const URI = { type: 'string', pattern: "^[a-z][a-z0-9+.-]*:[A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=%-]+$" } as const;

/** Algorithms that in-toto's "DigestSet" names, with the length of a value in hexadecimal digits. */
const DIGEST_SET = {
  type: 'object',
  minProperties: 1,
  properties: Object.fromEntries(
    Object.entries({ sha256: 64, sha512: 128, gitCommit: 40, dirHash: 64 }).map(([name, digits]) => [
      name,
      { type: 'string', pattern: `^[0-9a-f]{${digits}}$` },
    ]),
  ),
  additionalProperties: false,
} as const;

/** in-toto's "ResourceDescriptor", v1: at least one of uri, digest and content. */
const RESOURCE = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1 },
    uri: URI,
    digest: DIGEST_SET,
    content: { type: 'string' },
    downloadLocation: URI,
    mediaType: { type: 'string', pattern: '^[a-z]+/[a-z0-9.+-]+$' },
    annotations: { type: 'object' },
  },
  anyOf: [{ required: ['uri'] }, { required: ['digest'] }, { required: ['content'] }],
  additionalProperties: false,
} as const;

/** in-toto's "Statement" v1 and SLSA's "Provenance" v1, written from their field descriptions: nothing beyond them may stand there. */
const STATEMENT = {
  type: 'object',
  required: ['_type', 'subject', 'predicateType', 'predicate'],
  additionalProperties: false,
  properties: {
    _type: { const: 'https://in-toto.io/Statement/v1' },
    // "digest MUST be set" for subjects.
    subject: { type: 'array', minItems: 1, items: { ...RESOURCE, required: ['digest'] } },
    predicateType: { const: 'https://slsa.dev/provenance/v1' },
    predicate: {
      type: 'object',
      required: ['buildDefinition', 'runDetails'],
      additionalProperties: false,
      properties: {
        buildDefinition: {
          type: 'object',
          required: ['buildType', 'externalParameters'],
          additionalProperties: false,
          properties: {
            buildType: URI,
            externalParameters: { type: 'object', minProperties: 1 },
            internalParameters: { type: 'object' },
            resolvedDependencies: { type: 'array', items: RESOURCE },
          },
        },
        runDetails: {
          type: 'object',
          required: ['builder'],
          additionalProperties: false,
          properties: {
            builder: {
              type: 'object',
              required: ['id'],
              additionalProperties: false,
              properties: {
                id: URI,
                version: { type: 'object', additionalProperties: { type: 'string' } },
                builderDependencies: { type: 'array', items: RESOURCE },
              },
            },
            metadata: {
              type: 'object',
              additionalProperties: false,
              properties: {
                invocationId: { type: 'string' },
                startedOn: { type: 'string' },
                finishedOn: { type: 'string' },
              },
            },
            byproducts: { type: 'array', items: RESOURCE },
          },
        },
      },
    },
  },
} as const;

interface Descriptor {
  readonly name: string;
  readonly digest: Readonly<Record<string, string>>;
}

const work = scratch({ after });
const tree = join(work, 'tree');
generateTree(tree, { headers: 40, seed: 31 });
const out = join(work, 'out');
mkdirSync(out);
const QUICK = ['--preset', '0', '--arch', 'x86', '-q'];

async function statementOf(...args: string[]): Promise<ReturnType<typeof JSON.parse>> {
  const ran = await runCli([...args, ...QUICK, '--provenance', '-']);
  return JSON.parse(succeeded(ran).stdout.toString());
}

describe('the provenance statement', () => {
  const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(STATEMENT);

  it('has what in-toto and SLSA ask for, and nothing else', async () => {
    for (const args of [[tree], [`a=${tree}`, `b=${tree}`], [tree, '--compat']]) {
      const statement = await statementOf(...args, '-o', join(out, 'k.tar.xz'));
      assert.ok(validate(statement), JSON.stringify(validate.errors));
    }
  });

  it('would not pass with a field that they do not have, or without one that they ask for', async () => {
    const statement = await statementOf(tree, '-o', join(out, 'k.tar.xz'));
    assert.equal(validate({ ...statement, time: 'now' }), false);
    assert.equal(validate({ ...statement, subject: [{ name: 'k' }] }), false);
    const { runDetails, ...predicate } = statement.predicate;
    assert.equal(validate({ ...statement, predicate }), false);
    assert.equal(
      validate({ ...statement, predicate: { ...predicate, runDetails: { ...runDetails, user: 'me' } } }),
      false,
    );
  });

  it('names the archive, the tree and the manifest by their digests, and the settings', async () => {
    const archive = join(out, 'named.tar.xz');
    const manifest = join(out, 'named.json');
    const { subject, predicate } = await statementOf(tree, '-o', archive, '--manifest', manifest, '--mtime', '@9');
    assert.deepEqual(
      subject.map(({ name, digest }: Descriptor) => ({ name, digest })),
      [{ name: 'named.tar.xz', digest: { sha256: sha256(readFileSync(archive)) } }],
    );
    const { externalParameters, resolvedDependencies } = predicate.buildDefinition;
    const { settings } = JSON.parse(readFileSync(manifest, 'utf8'));
    assert.deepEqual(externalParameters, settings);
    assert.equal(externalParameters.mtime, 9);
    const [, named] = resolvedDependencies as Descriptor[];
    assert.deepEqual([named?.name, named?.digest], ['manifest', { sha256: sha256(readFileSync(manifest)) }]);
  });

  it("states a tree's digest that find, sort and sha256sum give", {
    skip: unless('sh', 'find', 'sort', 'xargs', 'sha256sum'),
  }, async () => {
    const { predicate } = await statementOf(tree, '-o', '/dev/null');
    const [first] = predicate.buildDefinition.resolvedDependencies as Descriptor[];
    const script =
      "find include arch/x86/include -name '*.h' -type f ! -name utsversion.h -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum";
    const { stdout } = succeeded(await run('sh', ['-c', script], { cwd: tree }));
    assert.deepEqual([first?.name, first?.digest], ['tree', { dirHash: stdout.toString().split(' ')[0] }]);
  });

  it('says nothing of clock, user, host or place: it is the same from a copy, later, elsewhere', async () => {
    const of = async (root: string, env: Record<string, string>): Promise<string> => {
      const args = [root, ...QUICK, '--jobs', '3', '-o', '/dev/null', '--provenance', '-'];
      return createHash('sha256')
        .update(succeeded(await runCli(args, { env })).stdout)
        .digest('hex');
    };
    const copy = join(work, 'copy');
    succeeded(await run('cp', ['-r', tree, copy]));
    const elsewhere = { TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8', USER: 'someone', HOSTNAME: 'somewhere' };
    assert.equal(await of(copy, elsewhere), await of(tree, {}));
    writeFileSync(join(copy, 'include/linux/one-more.h'), 'more\n');
    assert.notEqual(await of(copy, {}), await of(tree, {}));
  });
});
