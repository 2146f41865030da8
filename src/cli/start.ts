import { EXIT, exitCodeOf, report } from './exit.js';
import { run } from './program.js';
import { cleanUp, dieOfSignals } from './signals.js';

dieOfSignals();
process.on('uncaughtException', error => {
  cleanUp();
  report(error);
  process.exit(EXIT.trouble);
});

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  report(error);
  process.exitCode = exitCodeOf(error);
}
