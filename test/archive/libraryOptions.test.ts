import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { diff, extract, findArchive, KheadersPackError, list, pack, plan, verify } from 'kheaders-pack';
import { kernelTree } from '../support/kernelTree.js';
import { assertHoldsOnly } from '../support/litter.js';
import { scratch } from '../support/scratch.js';

const work = scratch({ after });
const tree = kernelTree(join(work, 'tree'), { 'include/linux/a.h': '#define A\n' });
const archive = join(work, 'k.tar.xz');

/** What a caller without TypeScript can do to each function that takes options. */
const CALLS: Readonly<Record<string, (given: object) => Promise<unknown>>> = {
  pack: given => pack({ trees: [tree], output: join(work, 'other.tar.xz'), ...given }),
  plan: given => plan({ trees: [tree], ...given }),
  list: given => list({ archive, ...given }, () => undefined),
  extract: given => extract({ archive, directory: join(work, 'out'), ...given }),
  verify: given => verify(archive, { trees: [tree], ...given }),
  diff: given => diff(archive, archive, given),
  findArchive: given => findArchive(archive, given),
};

/** Of no option's kind. */
const WRONG: readonly unknown[] = [null, Symbol('s'), 5n, {}, [5], Number.NaN];

async function refusal(call: Promise<unknown>): Promise<KheadersPackError<'E_OPTION_VALUE'>> {
  const error: unknown = await call.then(
    () => assert.fail('it was taken'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof KheadersPackError && error.code === 'E_OPTION_VALUE', String(error));
  return error as KheadersPackError<'E_OPTION_VALUE'>;
}

/** A name that is like none is answered with all that there are. */
async function optionsOf(call: (given: object) => Promise<unknown>): Promise<string[]> {
  const { expected } = (await refusal(call({ zzzzzzzzzzzz: 1 }))).facts;
  return expected.replace(/^one of /, '').split(', ');
}

before(async () => {
  await pack({ trees: [tree], output: archive });
});

describe('options of a caller without TypeScript', () => {
  for (const [name, call] of Object.entries(CALLS)) {
    it(`${name} refuses a value of another type, with the option's name, and touches nothing`, async () => {
      const options = await optionsOf(call);
      assert.ok(options.length >= 5, options.join());
      for (const option of options) {
        for (const wrong of WRONG) {
          const { facts } = await refusal(call({ [option]: wrong }));
          // A number is a number until it is looked at; then the command line's name stands for it.
          if (!Number.isNaN(wrong)) assert.equal(facts.option, option);
        }
      }
      assertHoldsOnly(work, ['k.tar.xz', 'tree']);
    });

    it(`${name} refuses options that are none`, async () => {
      const { message } = await refusal(call({ Jobs: 2 }));
      assert.match(message, /^Invalid value "Jobs" for the name of an option: expected jobs$/);
    });
  }

  it('one text is no list of texts, and one letter no flag', async () => {
    const { message } = await refusal(pack({ trees: tree as never }));
    assert.match(message, /for trees: expected a list of well-formed strings$/);
    assert.match(
      (await refusal(pack({ trees: [tree], dedup: 'n' as never }))).message,
      /for dedup: expected true or false$/,
    );
  });

  it('a text with half of a surrogate pair is refused: a manifest could not say it', async () => {
    const given = { trees: [tree], output: join(work, 'other.tar.xz'), manifest: join(work, 'k.json') };
    for (const option of ['include', 'exclude', 'trees']) {
      assert.match(
        (await refusal(pack({ ...given, [option]: ['*', '\ud800*'] }))).message,
        new RegExp(` for ${option}: expected a list of well-formed strings$`),
      );
    }
    for (const option of ['arch', 'output']) {
      assert.equal((await refusal(pack({ ...given, [option]: '\udc00' }))).facts.option, option);
    }
    assertHoldsOnly(work, ['k.tar.xz', 'tree']);
  });

  it('what is not given, and undefined, is the default', async () => {
    assert.equal((await plan({ trees: [tree], blockSize: undefined, signal: undefined })).blocks.length, 1);
  });

  it('something else in the place of options, an archive or a function is refused', async () => {
    await refusal(pack(null as never));
    await refusal(pack('linux' as never));
    await refusal(verify(5 as never));
    await refusal(verify({ bytes: [1] } as never));
    await refusal(list({ archive: new WritableStream() as never }, () => undefined));
    await refusal(diff(archive, null as never));
    await refusal(list({ archive }, undefined as never));
    await refusal(findArchive(5 as never));
    assert.match((await refusal(pack([] as never))).message, /^Invalid value "\[\]" for options: expected an object$/);
  });
});
