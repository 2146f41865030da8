import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { KheadersPackError } from '../../src/errors.js';
import type { CacheSettings } from '../../src/model/cache.js';
import { resolveCache } from '../../src/settings/cache.js';
import type { CacheOptions } from '../../src/settings/options.js';
import { scratch } from '../support/scratch.js';
import { environment } from './settingsSamples.js';

const URL = 'http://cache.example:8080/farm';

function resolved(options: CacheOptions, variables: Record<string, string> = {}): CacheSettings {
  return resolveCache(options, environment({ variables: { HOME: '/home/me', ...variables } }));
}

function refusal(options: CacheOptions, variables: Record<string, string> = {}): string {
  try {
    resolved(options, variables);
  } catch (error) {
    assert.ok(error instanceof KheadersPackError && error.code === 'E_OPTION_VALUE', String(error));
    return error.message;
  }
  return assert.fail('it was accepted');
}

describe('the cache on this machine', () => {
  it('is there when it is asked for, and by a library only then', () => {
    for (const cache of [undefined, false]) assert.equal(resolved({ cache }).local, null);
    assert.deepEqual(resolved({ cache: true }).local, {
      directory: '/home/me/.cache/kheaders-pack',
      secret: { kind: 'file', path: '/home/me/.local/state/kheaders-pack/cache-secret' },
      maxSize: 2 ** 30,
      isParanoid: false,
    });
    const named = resolved({ cache: 'here', cacheSize: '20MiB', paranoid: true }).local;
    assert.deepEqual([named?.directory, named?.maxSize, named?.isParanoid], ['/nowhere/here', 20 * 2 ** 20, true]);
  });

  it('lies where the XDG Base Directory Specification says, which has relative paths ignored', () => {
    const absolute = resolved({ cache: true }, { XDG_CACHE_HOME: '/c', XDG_STATE_HOME: '/s' }).local;
    assert.deepEqual(
      [absolute?.directory, absolute?.secret],
      ['/c/kheaders-pack', { kind: 'file', path: '/s/kheaders-pack/cache-secret' }],
    );
    const relative = resolved({ cache: true }, { XDG_CACHE_HOME: 'c', XDG_STATE_HOME: '' }).local;
    assert.equal(relative?.directory, '/home/me/.cache/kheaders-pack');
    assert.equal(resolved({ cache: true }, { HOME: '' }).local, null);
    assert.deepEqual(resolved({ cache: '/c' }, { HOME: 'home' }).local?.secret, { kind: 'nowhere' });
    const key = { KHEADERS_PACK_CACHE_KEY: 'sixteen letters!' };
    assert.deepEqual(resolved({ cache: '/c' }, key).local?.secret, { kind: 'given', key: 'sixteen letters!' });
  });
});

describe('the cache server', () => {
  it('is the one that is given, else the one of the environment where a cache is wanted', () => {
    const variables = { KHEADERS_PACK_REMOTE_CACHE: 'https://other.example' };
    const url = (options: CacheOptions, more: Record<string, string> = {}): string | undefined =>
      resolved(options, { ...variables, ...more }).remote?.url;
    assert.equal(url({ cache: true, remoteCache: URL }), URL);
    assert.equal(url({ cache: false, remoteCache: URL }), URL);
    assert.equal(url({ cache: true }), 'https://other.example/');
    assert.equal(url({ cache: '/c' }, { KHEADERS_PACK_CACHE: 'off' }), 'https://other.example/');
    for (const cache of [undefined, false]) assert.equal(url({ cache }), undefined);
    assert.equal(url({ cache: true }, { KHEADERS_PACK_CACHE: 'off' }), undefined);
    assert.equal(url({ cache: true }, { KHEADERS_PACK_REMOTE_CACHE: '' }), undefined);
  });

  it('is written to unless an option or the environment says otherwise', () => {
    const isReadOnly = (options: CacheOptions, variables: Record<string, string> = {}): boolean | undefined =>
      resolved({ remoteCache: URL, ...options }, variables).remote?.isReadOnly;
    assert.equal(isReadOnly({}), false);
    assert.equal(isReadOnly({ remoteReadOnly: true }), true);
    assert.equal(isReadOnly({}, { KHEADERS_PACK_REMOTE_READ_ONLY: '1' }), true);
    assert.equal(isReadOnly({}, { KHEADERS_PACK_REMOTE_READ_ONLY: '' }), false);
  });

  it('is told who we are by a token, a user and password, or a netrc file, in this order', t => {
    const netrc = join(scratch(t), 'netrc');
    writeFileSync(netrc, 'machine cache.example login alice password secret\n');
    const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
    const authorization = (variables: Record<string, string>): string | null | undefined =>
      resolved({ remoteCache: URL }, variables).remote?.authorization;
    const all = {
      KHEADERS_PACK_REMOTE_TOKEN: 'token\n',
      KHEADERS_PACK_REMOTE_USER: 'bob',
      KHEADERS_PACK_REMOTE_PASSWORD: 'pässword:',
      NETRC: netrc,
    };
    assert.equal(authorization(all), 'Bearer token');
    assert.equal(authorization({ ...all, KHEADERS_PACK_REMOTE_TOKEN: '' }), basic('bob:pässword:'));
    assert.equal(authorization({ NETRC: netrc }), basic('alice:secret'));
    assert.equal(authorization({ NETRC: `${netrc}.none` }), null);
    assert.equal(authorization({}), null);
    assert.equal(resolved({ remoteCache: 'http://else.example' }, { NETRC: netrc }).remote?.authorization, null);
  });

  it('has entries authenticated under KHEADERS_PACK_CACHE_KEY', () => {
    assert.equal(resolved({ remoteCache: URL }).remote?.key, null);
    const variables = { KHEADERS_PACK_CACHE_KEY: 'sixteen letters!' };
    assert.equal(resolved({ remoteCache: URL }, variables).remote?.key, 'sixteen letters!');
  });

  it('is refused where its URL is none, and no message shows a password, a token or a key', () => {
    for (const url of ['', 'cache.example', 'ftp://cache.example', 'http://', `${URL}?token=hidden`, `${URL}#hidden`]) {
      assert.match(
        refusal({ remoteCache: url }),
        /^Invalid value ".*" for --remote-cache: expected a URL such as http/,
      );
    }
    const given = refusal({ remoteCache: 'https://alice:hidden@cache.example/' });
    assert.match(
      given,
      /^Invalid value "https:\/\/\*\*\*@cache\.example" for --remote-cache: expected no user and password/,
    );
    const inherited = refusal({ cache: true }, { KHEADERS_PACK_REMOTE_CACHE: 'https://alice:hidden@cache.example/' });
    assert.match(inherited, /for KHEADERS_PACK_REMOTE_CACHE/);
    const token = refusal({ remoteCache: URL }, { KHEADERS_PACK_REMOTE_TOKEN: 'hid\nden' });
    const key = refusal({ remoteCache: URL }, { KHEADERS_PACK_CACHE_KEY: 'hidden' });
    for (const message of [given, inherited, token, key]) assert.doesNotMatch(message, /hid/);
  });
});
