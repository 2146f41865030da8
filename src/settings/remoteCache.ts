import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { KheadersPackError } from '../errors.js';
import type { RemoteCacheSettings } from '../model/cache.js';
import { cacheKey } from './cacheKey.js';
import type { Environment } from './environment.js';
import { netrcLogin } from './netrc.js';
import type { CacheOptions } from './options.js';

/**
 * The cache server to ask: the one given, else KHEADERS_PACK_REMOTE_CACHE's, unless no cache at all is wanted.
 *
 * @throws KheadersPackError `E_OPTION_VALUE`
 */
export function resolveRemote(
  options: CacheOptions,
  wantsCache: boolean,
  environment: Environment,
): RemoteCacheSettings | null {
  const inherited = wantsCache ? environment.variables['KHEADERS_PACK_REMOTE_CACHE'] || undefined : undefined;
  const source = options.remoteCache === undefined ? 'KHEADERS_PACK_REMOTE_CACHE' : '--remote-cache';
  const given = options.remoteCache ?? inherited;
  if (given === undefined) return null;
  const url = serverUrl(given, source);
  return {
    url: url.href,
    isReadOnly:
      options.remoteReadOnly === true || (environment.variables['KHEADERS_PACK_REMOTE_READ_ONLY'] ?? '') !== '',
    authorization: authorizationFor(url, environment),
    key: cacheKey(environment),
  };
}

function serverUrl(given: string, option: string): URL {
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url !== null && ['http:', 'https:'].includes(url.protocol) && url.search === '' && url.hash === '') {
    if (url.username === '' && url.password === '') return url;
    // What the value was is not told: it holds a password.
    const expected = 'no user and password in it (KHEADERS_PACK_REMOTE_USER and _PASSWORD have them, or a netrc file)';
    throw new KheadersPackError('E_OPTION_VALUE', { option, value: `${url.protocol}//***@${url.host}`, expected });
  }
  const expected = 'a URL such as http://cache.example:8080';
  throw new KheadersPackError('E_OPTION_VALUE', { option, value: given, expected });
}

/** The Authorization header: a bearer token, a user's password, or what a netrc file has for the machine. */
function authorizationFor(url: URL, environment: Environment): string | null {
  const { variables } = environment;
  const token = variables['KHEADERS_PACK_REMOTE_TOKEN'] || undefined;
  if (token !== undefined) return printableHeader('KHEADERS_PACK_REMOTE_TOKEN', `Bearer ${token}`);
  const user = variables['KHEADERS_PACK_REMOTE_USER'] || undefined;
  if (user !== undefined) return basic(user, variables['KHEADERS_PACK_REMOTE_PASSWORD'] ?? '');
  const login = netrcLogin(netrcText(environment), url.hostname);
  return login === null ? null : basic(login.user, login.password);
}

/** RFC 7617. */
function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** A header cannot hold line ends; a token read from a file often has one behind it. */
function printableHeader(option: string, value: string): string {
  const trimmed = value.trim();
  if (/^[\x20-\x7e]+$/.test(trimmed)) return trimmed;
  throw new KheadersPackError('E_OPTION_VALUE', { option, value: '***', expected: 'printable ASCII' });
}

/** The empty text where there is no netrc file, or it cannot be read. */
function netrcText({ variables }: Environment): string {
  const home = variables['HOME'] ?? '';
  const path = variables['NETRC'] || (isAbsolute(home) ? join(home, '.netrc') : '');
  if (path === '') return '';
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
