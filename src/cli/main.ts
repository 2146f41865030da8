#!/usr/bin/env node
import { refusal } from './nodeVersion.js';

// Everything else is loaded afterwards: an older Node fails to, with words that help nobody.
const reason = refusal(process.versions.node);
if (reason === null) {
  await import('./start.js');
} else {
  process.stderr.write(`kheaders-pack: ${reason}\n`);
  process.exitCode = 2;
}
