// The page's own policy, as a browser enforces it on the built site.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LESSON, openSite, type Reader, type Site } from './support/site.ts';

let site: Site;
let reader: Reader;
before(async () => {
  site = await openSite();
  reader = await site.reader();
  await reader.open(LESSON);
});
after(() => site.close());

/** Does something in the page and waits for the directive that forbids it. */
function forbidding(act: string): Promise<string> {
  return reader.page.evaluate((act) => {
    const forbidden = new Promise<string>((resolve) => {
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
        once: true,
      });
    });
    const acts: Record<string, () => void> = {
      script: () => {
        const script = document.createElement('script');
        script.textContent = 'globalThis.broke = true';
        document.head.append(script);
      },
      frame: () => {
        const frame = document.createElement('iframe');
        frame.src = '/404.html';
        document.body.append(frame);
      },
      fetch: () => {
        fetch('https://mallory.example/').catch(() => {});
      },
      image: () => {
        new Image().src = 'https://mallory.example/pixel.png';
      },
    };
    acts[act]();
    return forbidden;
  }, act);
}

test('the policy comes before anything it must hold', async () => {
  const first = await reader.page.evaluate(() => document.head.firstElementChild?.getAttribute('http-equiv'));
  assert.equal(first, 'Content-Security-Policy');
});

test('the page’s own inline script runs', async () => {
  assert.equal(await reader.page.evaluate(() => 'js' in document.documentElement.dataset), true);
});

for (const [act, directive] of [
  ['script', 'script-src-elem'],
  ['frame', 'frame-src'],
  ['fetch', 'connect-src'],
  ['image', 'img-src'],
]) {
  test(`no ${act} that the site did not put there: ${directive}`, { timeout: 60_000 }, async () => {
    assert.equal(await forbidding(act), directive);
    assert.equal(await reader.page.evaluate(() => 'broke' in globalThis), false);
  });
}

test('and the sandbox, which inherits all of it, still runs two programs that speak TLS', async () => {
  await reader.page.click('[data-step="right-certificate"] button');
  await reader.page.waitForSelector('[data-step="right-certificate"][data-state="passed"]');
});
