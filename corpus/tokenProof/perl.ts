import { spawnSync } from 'node:child_process';

/** gen_kheaders.sh's substitution on each file; the results as `LENGTH LF bytes`. */
const SUBSTITUTE = `undef $/; binmode STDOUT;
for my $name (@ARGV) {
  open my $file, "<:raw", $name or die "$name: $!";
  $_ = <$file>; $_ = "" unless defined;
  s/\\/\\*((?!SPDX).)*?\\*\\///smg;
  print length($_), "\\n", $_;
}`;

/** What perl makes of the files, in their order. */
export function perlStripped(root: string, names: readonly string[]): Buffer[] {
  const { stdout, status } = spawnSync('perl', ['-e', SUBSTITUTE, ...names], { cwd: root, maxBuffer: 2 ** 31 - 1 });
  if (status !== 0) throw new Error('Cannot run perl');
  const results: Buffer[] = [];
  for (let at = 0; at < stdout.length; ) {
    const lineEnd = stdout.indexOf(0x0a, at);
    const end = lineEnd + 1 + Number(stdout.toString('latin1', at, lineEnd));
    results.push(stdout.subarray(lineEnd + 1, end));
    at = end;
  }
  return results;
}
