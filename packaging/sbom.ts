import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { CorpusError, output } from '../corpus/command.js';
import { PROJECT_ROOT } from '../corpus/trees.js';

/** The part of a CycloneDX 1.5 bill of materials that is looked at here. */
export interface Bom {
  serialNumber?: string;
  metadata: { timestamp?: string; tools?: unknown; component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

interface Component {
  'bom-ref': string;
  type: string;
  name: string;
  version: string;
  [further: string]: unknown;
}

/** esbuild's own functions stand in the bundle. */
const BUNDLER = 'esbuild';
const LIBLZMA = { inside: 'lzma-native', version: '5.2.3', source: 'deps/xz-5.2.3.tar.bz2' } as const;

/**
 * What the installed package consists of, as a CycloneDX 1.5 document: what npm finds in the lock, and what npm cannot see
 * because it was compiled in. The same lock gives the same text: npm's own has a random number, the clock and its version.
 *
 * @param omitted kinds of dependencies that are left out besides those of development
 * @throws CorpusError when npm fails, or the document does not keep to the schema
 */
export async function makeSbom(omitted: readonly 'optional'[]): Promise<string> {
  const bom = npmSbom(['dev', ...omitted]);
  const { metadata } = bom;
  delete metadata.timestamp;
  metadata.tools = [{ vendor: 'npm', name: 'cli' }];
  // npm takes the name of the directory.
  metadata.component = { ...metadata.component, type: 'application', name: 'kheaders-pack' };
  addBundler(bom);
  addLiblzma(bom);
  const byRef = (a: string, b: string): number => (a < b ? -1 : 1);
  bom.components.sort((a, b) => byRef(a['bom-ref'], b['bom-ref']));
  bom.dependencies.sort((a, b) => byRef(a.ref, b.ref));
  delete bom.serialNumber;
  bom.serialNumber = serialNumber(JSON.stringify(bom));
  const text = `${JSON.stringify(bom, null, 2)}\n`;
  await check(text);
  return text;
}

function npmSbom(omitted: readonly string[]): Bom {
  const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', ...omitted.map(kind => `--omit=${kind}`)];
  return JSON.parse(output('npm', args, { cwd: PROJECT_ROOT }));
}

function addBundler(bom: Bom): void {
  const component = npmSbom([]).components.find(each => each.name === BUNDLER);
  if (component === undefined) throw new CorpusError(`Cannot find "${BUNDLER}" in the lock`);
  const description = 'functions of its own, written into the bundle';
  bom.components.push({ ...component, scope: 'required', description, properties: [] });
  depend(bom, bom.metadata.component['bom-ref'], component['bom-ref']);
}

function addLiblzma(bom: Bom): void {
  const { inside, version, source } = LIBLZMA;
  const around = bom.components.find(each => each.name === inside);
  if (around === undefined) throw new CorpusError(`Cannot find "${inside}" in the lock`);
  const bytes = readFileSync(join(PROJECT_ROOT, 'node_modules', inside, source));
  const ref = `xz@${version}`;
  bom.components.push({
    'bom-ref': ref,
    type: 'library',
    name: 'xz',
    version,
    scope: 'required',
    description: `liblzma, compiled into ${inside}`,
    hashes: [{ alg: 'SHA-256', content: createHash('sha256').update(bytes).digest('hex') }],
    licenses: [{ license: { name: 'Public domain' } }],
    cpe: `cpe:2.3:a:tukaani:xz:${version}:*:*:*:*:*:*:*`,
    purl: `pkg:generic/xz@${version}`,
  });
  depend(bom, around['bom-ref'], ref);
}

function depend(bom: Bom, ref: string, on: string): void {
  bom.dependencies.find(each => each.ref === ref)?.dependsOn.push(on);
  bom.dependencies.push({ ref: on, dependsOn: [] });
}

/** A UUID of version 8 (RFC 9562, section 5.8), which leaves its bits to us: they are of the document's digest. */
function serialNumber(text: string): string {
  const digest = createHash('sha256').update(text).digest('hex');
  const parts = [digest.slice(0, 8), digest.slice(8, 12), `8${digest.slice(13, 16)}`, `8${digest.slice(17, 20)}`];
  return `urn:uuid:${[...parts, digest.slice(20, 32)].join('-')}`;
}

async function check(text: string): Promise<void> {
  const fault = await new Validation.JsonStrictValidator(Spec.Version.v1dot5).validate(text);
  if (fault !== null) throw new CorpusError(`Not a CycloneDX 1.5 document: ${JSON.stringify(fault)}`);
}
