/** What the program reads from its environment, for the manual: name, and what it does. */
export const VARIABLES: readonly (readonly [name: string, meaning: string])[] = [
  ['KBUILD_BUILD_TIMESTAMP', 'The time stamp of all entries, where --mtime is not given. Empty counts as unset.'],
  ['SOURCE_DATE_EPOCH', 'The same in seconds, where neither is given.'],
  ['KHEADERS_PACK_CACHE', 'The cache directory, or "off".'],
  ['KHEADERS_PACK_CACHE_KEY', 'What cache entries are authenticated with, instead of a secret of this user alone.'],
  ['KHEADERS_PACK_REMOTE_CACHE', 'The URL of a cache server, as --remote-cache.'],
  ['KHEADERS_PACK_REMOTE_READ_ONLY', 'Set to anything: nothing is sent to it, as with --remote-read-only.'],
  ['KHEADERS_PACK_REMOTE_TOKEN', 'A bearer token for it.'],
  ['KHEADERS_PACK_REMOTE_USER', 'A user name for it, with KHEADERS_PACK_REMOTE_PASSWORD.'],
  ['KHEADERS_PACK_REMOTE_PASSWORD', "That user's password."],
  ['NETRC', 'The netrc file with credentials for it, instead of ~/.netrc.'],
  ['KHEADERS_PACK_FLAGS', 'Further options for kheaders-pack kbuild, parted by blanks.'],
  ['KHEADERS_PACK_DEBUG', 'Set to anything: internal errors come with a stack trace.'],
  ['XDG_CACHE_HOME', 'Where the cache directory lies, instead of ~/.cache.'],
  ['XDG_STATE_HOME', 'Where its secret lies, instead of ~/.local/state.'],
  ['NO_COLOR', 'Set to anything: no colours.'],
];
