import { type Browser, chromium } from 'playwright-core';

/** Debian's; nothing is downloaded. */
export const executablePath = process.env['DATUM_CHROMIUM'] ?? '/usr/bin/chromium';

/** Starts a browser; the caller closes it. Rejects where there is none. */
export function launchChromium(): Promise<Browser> {
  // Tests may run as root in a container, where Chromium's own sandbox cannot work.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
