import { succeeded } from '../support/archive.js';
import { run } from '../support/cli.js';

/** The first bytes of a bzImage (Documentation/arch/x86/boot.rst), with what an image needs, and a payload behind them. */
export function buildBzImage(payload: Buffer): Buffer {
  const setupSectors = 5;
  const setup = Buffer.alloc((setupSectors + 1) * 512, 0x90);
  const before = Buffer.alloc(1000, 0x90);
  setup.writeUInt8(setupSectors, 0x1f1);
  setup.writeUInt16LE(0xaa55, 0x1fe);
  setup.write('HdrS', 0x202);
  setup.writeUInt16LE(0x020f, 0x206);
  setup.writeUInt32LE(before.length, 0x248);
  setup.writeUInt32LE(payload.length, 0x24c);
  return Buffer.concat([setup, before, payload, Buffer.alloc(100, 0x90)]);
}

/** As a kernel's build compresses: with the tool itself, and the size before compression behind all but gzip's data. */
export async function compressed(tool: string, args: readonly string[], data: Buffer): Promise<Buffer> {
  const { stdout } = succeeded(await run(tool, [...args, '-c'], { input: data }));
  if (tool === 'gzip') return stdout;
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  return Buffer.concat([stdout, size]);
}
