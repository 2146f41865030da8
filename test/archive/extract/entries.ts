import type { RawEntry } from '../../support/tarBuilder.js';

/** Entries as an attacker might put them together. */
export const link = (name: string, linkname: string): RawEntry => ({ name, linkname, typeflag: '2' });
export const hardLink = (name: string, linkname: string): RawEntry => ({ name, linkname, typeflag: '1' });
export const file = (name: string): RawEntry => ({ name, content: 'hostile' });
export const directory = (name: string): RawEntry => ({ name, typeflag: '5', mode: 0o755 });
