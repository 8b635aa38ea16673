import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const executablePath = '/usr/bin/chromium';
const quiet = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];

/** The console's browser tests skip, saying so, where there is no browser. */
export const browserMissing = !existsSync(executablePath);
if (browserMissing) console.log(`SKIPPED: the console's browser tests: ${executablePath} is not installed.`);

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args: [...quiet, '--disable-component-update', '--disable-sync'] });
}

/** What must stay empty: script errors, refused resources, requests to anywhere but `origin`. */
export function complaintsOf(page: Page, origin: string): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('blob:')) complaints.push(request.url());
  });
  return complaints;
}
