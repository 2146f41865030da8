import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

/** What the browser is called, by distribution. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

function browserPath(): string | undefined {
  const places = (process.env['PATH'] ?? '').split(delimiter).flatMap(place => NAMES.map(name => join(place, name)));
  return places.find(place => existsSync(place));
}

/** A reason to skip where there is no browser, else false. */
export function unlessBrowser(): string | false {
  return browserPath() === undefined ? `not on the PATH: ${NAMES.join(', ')}` : false;
}

/** A browser for the length of `work`. */
export async function withBrowser<T>(work: (browser: Browser) => Promise<T>): Promise<T> {
  const executablePath = browserPath();
  if (executablePath === undefined) throw new Error('There is no browser on the PATH');
  // Root has no sandbox, containers have a small /dev/shm.
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
  const browser = await chromium.launch({ executablePath, args });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

/** Everything that a page asks for and complains of, from now on. */
export function listenTo(page: Page): { readonly requests: string[]; readonly complaints: string[] } {
  const heard = { requests: [] as string[], complaints: [] as string[] };
  page.on('request', request => heard.requests.push(request.url()));
  page.on('pageerror', error => heard.complaints.push(error.message));
  page.on('console', message => heard.complaints.push(message.text()));
  return heard;
}
