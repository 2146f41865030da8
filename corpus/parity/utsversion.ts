import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { output } from '../command.js';
import { withoutFiles } from './aside.js';
import type { ParityCase } from './cases.js';
import { type Bench, type Comparison, compareTars, UTSVERSION, utsversions } from './compare.js';

/**
 * Both sides on a tree that has `utsversion.h`, as a fully built one does. The script archives it; once that one entry
 * is deleted from its tar (it is trouble when it is not there), the two must be the same.
 */
export function compareWithUtsversion(each: ParityCase, bench: Bench): Comparison {
  return withoutFiles(utsversions(each), () => {
    writeFileSync(join(each.object ?? each.source, UTSVERSION), '#define UTS_VERSION "#1 SMP PREEMPT_DYNAMIC"\n');
    return compareTars(each, bench, tar => output('tar', ['--delete', '-f', tar, `./${UTSVERSION}`]));
  });
}
