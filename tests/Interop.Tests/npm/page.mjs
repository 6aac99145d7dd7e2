// The server's page in headless Chromium: node page.mjs URL WORD SECONDS [SCREENSHOT]
// Joins the session and prints a line whenever the state of a peer changes; ends after the first connected one, when its input does.
import { chromium } from 'playwright-core';
import { say } from './say.mjs';

const [url, word, seconds, screenshot] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1000, height: 600 } });
  page.setDefaultTimeout(120_000);
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (line) => line.type() === 'error' && errors.push(line.text()));
  await page.goto(url);
  await page.fill('#session', word);
  await page.fill('#name', 'browser');
  await page.click('#join');
  await page.waitForFunction(() => document.querySelector('#state').textContent.startsWith('In the session'), null, { timeout: Number(seconds) * 1000 });
  say('joined');
  const deadline = Date.now() + Number(seconds) * 1000;
  let last = '';
  let reached = false;
  while (Date.now() < deadline && !reached) {
    const states = await page.$$eval('[data-ice-state]', (all) => all.map((one) => one.getAttribute('data-ice-state')));
    if (states.join() !== last) {
      last = states.join();
      say('state', { states });
    }

    reached = states.some((state) => state === 'connected' || state === 'completed');
    await page.waitForTimeout(100);
  }

  if (screenshot) {
    // The path and the round trip are read once a second.
    await page.waitForTimeout(2500);
    await page.click('summary');
    await page.screenshot({ path: screenshot, fullPage: true });
  }

  // Until whoever started this has closed its input.
  await new Promise((done) => process.stdin.once('end', done).resume());
  say('end', { reached, errors });
  process.exitCode = reached && errors.length === 0 ? 0 : 1;
} finally {
  await browser.close();
}
