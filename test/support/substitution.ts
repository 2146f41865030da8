/** gen_kheaders.sh's perl substitution as it stands there, for small headers: the oracle of `--strip kernel`. */
export function substituted(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(/\/\*((?!SPDX)[\s\S])*?\*\//g, ''), 'latin1');
}
