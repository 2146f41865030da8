import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { PROJECT_ROOT } from '../../corpus/trees.js';
import { type Bom, makeSbom } from '../../packaging/sbom.js';

const { packages } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package-lock.json'), 'utf8'));

describe('the bill of materials', () => {
  let text = '';
  let bom: Bom;

  before(async () => {
    text = await makeSbom([]);
    bom = JSON.parse(text);
  });

  it('keeps to the schema of CycloneDX 1.5, by a validator that sees a fault', async () => {
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot5);
    assert.equal(await validator.validate(text), null);
    assert.notEqual(await validator.validate(text.replace('"library"', '"shelf"')), null);
    assert.notEqual(await validator.validate(text.replace('"bomFormat"', '"format"')), null);
  });

  it('lists every package that users install, what was compiled in, and nothing else', () => {
    const expected = Object.entries<{ version: string; dev?: boolean; devOptional?: boolean }>(packages)
      .filter(([path, entry]) => path !== '' && entry.dev !== true && entry.devOptional !== true)
      .map(([path, entry]) => `${path.replace(/.*node_modules\//, '')}@${entry.version}`);
    const listed = bom.components.map(({ name, version }) => `${name}@${version}`);
    const esbuild = `esbuild@${packages['node_modules/esbuild'].version}`;
    assert.deepEqual(listed.sort(), [...new Set([...expected, esbuild, 'xz@5.2.3'])].sort());
  });

  it('has for each a digest and a licence, and dependencies that are listed', () => {
    const { component } = bom.metadata;
    assert.deepEqual([component.name, component.type], ['kheaders-pack', 'application']);
    const refs = new Set([component, ...bom.components].map(each => each['bom-ref']));
    for (const { 'bom-ref': ref, hashes, licenses } of bom.components) {
      assert.ok(Array.isArray(hashes) && hashes.length > 0, `${ref} has no digest`);
      assert.ok(Array.isArray(licenses) && licenses.length > 0, `${ref} has no licence`);
    }
    for (const { ref, dependsOn } of bom.dependencies) {
      for (const each of [ref, ...dependsOn]) assert.ok(refs.has(each), `${each} is not listed`);
    }
    const lzma = bom.dependencies.find(each => each.ref.startsWith('lzma-native@'));
    assert.ok(lzma?.dependsOn.includes('xz@5.2.3'));
  });

  it('is the same each time, whoever makes it', async () => {
    assert.equal(await makeSbom([]), text);
    assert.equal(bom.metadata.timestamp, undefined);
    assert.match(bom.serialNumber ?? '', /^urn:uuid:[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
  });

  it('of a release leaves out what the release does', async () => {
    const release: Bom = JSON.parse(await makeSbom(['optional']));
    const left = bom.components.filter(
      ({ name, version }) => !release.components.some(each => each.name === name && each.version === version),
    );
    assert.ok(left.length > 0);
    for (const { name, 'bom-ref': ref } of left) assert.match(name, /^@napi-rs\/nice/, ref);
  });
});
