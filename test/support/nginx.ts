import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ended, start } from './cli.js';

/** A real nginx that keeps what is PUT to it (ngx_http_dav_module), on the loopback interface. */
export interface Nginx {
  readonly url: string;
  /** Where it keeps what it was sent. */
  readonly root: string;
  /** Ends it at once, with the transfers under way. */
  kill(): Promise<void>;
}

export interface NginxOptions {
  /** Lines for the server block. */
  readonly server?: string;
  /** Default: one that is free. */
  readonly port?: number;
}

/** Starts nginx in a directory of its own and waits until it answers. */
export async function startNginx(directory: string, options: NginxOptions = {}): Promise<Nginx> {
  const { server = '', port = await freePort() } = options;
  const root = join(directory, 'root');
  for (const path of [directory, root, join(directory, 'logs'), join(directory, 'tmp')])
    mkdirSync(path, { recursive: true });
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(kind => `${kind}_temp_path tmp/${kind};`);
  writeFileSync(
    join(directory, 'nginx.conf'),
    `${user} daemon off; worker_processes 1; pid nginx.pid; error_log logs/error.log;
     events {}
     http {
       access_log off; ${temporary.join(' ')}
       server {
         listen 127.0.0.1:${port}; root ${root}; client_max_body_size 64m;
         dav_methods PUT; create_full_put_path on; dav_access user:rw;
         ${server}
       }
     }`,
  );
  const child = start('nginx', ['-p', directory, '-c', 'nginx.conf', '-e', 'logs/error.log']);
  const end = ended(child);
  const url = `http://127.0.0.1:${port}/`;
  for (let attempt = 0; !(await answers(url)); attempt++) {
    assert.equal(child.exitCode, null, `nginx ended: ${child.exitCode === null ? '' : (await end).stderr}`);
    assert.ok(attempt < 500, 'nginx does not answer');
    await sleep(20);
  }
  return {
    url,
    root,
    async kill() {
      // Its worker is a child of its own, which a killed master would leave.
      child.kill('SIGTERM');
      await end;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

/** A port of the loopback interface that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}
