import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { netrcLogin } from '../../src/settings/netrc.js';

const FILE = `# machine no.example login nobody password none
machine one.example login alice password secret
machine two.example
	login bob
	password "with blanks and \\"quotes\\""   # a remark
	account unused
macdef init
	machine macro.example login in password macro

machine three.example password first login later
machine three.example login second password second
default login anyone password anything
`;

describe('a netrc file', () => {
  it('has the login of a machine, in whatever order and layout', () => {
    assert.deepEqual(netrcLogin(FILE, 'one.example'), { user: 'alice', password: 'secret' });
    assert.deepEqual(netrcLogin(FILE, 'two.example'), { user: 'bob', password: 'with blanks and "quotes"' });
    assert.deepEqual(netrcLogin(FILE, 'three.example'), { user: 'later', password: 'first' });
  });

  // curl has comments at the beginning of a line alone.
  it('has names and passwords that begin with #', () => {
    const text = 'machine a login #one password #abc # a remark\n  # password none\nmachine b password x#y\n';
    assert.deepEqual(netrcLogin(text, 'a'), { user: '#one', password: '#abc' });
    assert.deepEqual(netrcLogin(text, 'b'), { user: '', password: 'x#y' });
  });

  it('has the default for all others, if there is one: comments and macros name no machines', () => {
    for (const machine of ['no.example', 'macro.example', 'login', '']) {
      assert.deepEqual(netrcLogin(FILE, machine), { user: 'anyone', password: 'anything' });
    }
    assert.equal(netrcLogin(FILE.replace(/^default.*/m, ''), 'no.example'), null);
    assert.equal(netrcLogin('', 'one.example'), null);
    assert.equal(netrcLogin('machine', 'machine'), null);
    assert.deepEqual(netrcLogin('machine a login', 'a'), { user: '', password: '' });
    assert.equal(netrcLogin('macdef x\nmachine a login l password p', 'a'), null);
  });
});
