// The site that the person uses. Its notes hold whatever anybody wrote: a stored XSS.
const page = (title, body) =>
  `<!doctype html><html><head><title>${title}</title></head><body>${body}</body></html>`;
const html = { 'content-type': 'text/html; charset=utf-8' };
const notes = [];

module.exports = {
  'GET /': ({ response, request }) => {
    if (!/session=/.test(request.headers.cookie ?? ''))
      return response.writeHead(302, { location: '/login' }).end();
    response
      .writeHead(200, html)
      .end(
        page(
          'Home',
          '<h1>Hello, Ana</h1><p hidden>unseen</p><a href="/notes">Notes</a> <a href="#here">Here</a>',
        ),
      );
  },
  'GET /login': ({ response }) =>
    response.writeHead(200, html).end(
      page(
        'Log in',
        `<form method="post" action="/login"><label>User <input name="user"></label>
        <label for="p">Password</label><input id="p" name="password" type="password"><button>Log in</button></form>`,
      ),
    ),
  'POST /login': ({ response, body }) => {
    const given = new URLSearchParams(body);
    if (given.get('password') !== 'correct horse')
      return response.writeHead(403, html).end(page('No', 'Wrong'));
    response
      .writeHead(303, {
        location: '/',
        'set-cookie': [
          'session=s3cret; HttpOnly; Secure; Path=/; SameSite=Lax',
          'strict=1; Secure; SameSite=Strict; Path=/',
          'theme=dark; Secure; Path=/',
          'deep=1; Secure; Path=/notes',
          'elsewhere=1; Domain=mallory.example; Secure',
          'none=1; Secure; SameSite=None; Path=/',
          '__Host-x=1; Path=/',
        ],
      })
      .end();
  },
  'GET /notes': ({ response, url }) => {
    if (url.searchParams.has('add')) notes.push(url.searchParams.get('add'));
    response
      .writeHead(200, html)
      .end(page('Notes', `<ul>${notes.map((note) => `<li>${note}</li>`).join('')}</ul>`));
  },
  'POST /notes': ({ response, body }) => {
    notes.splice(0, notes.length, new URLSearchParams(body).get('note'));
    response.writeHead(303, { location: '/notes' }).end();
  },
  'GET /token': ({ response, request }) => {
    const known = /session=s3cret/.test(request.headers.cookie ?? '');
    response
      .writeHead(known ? 200 : 401, { 'content-type': 'application/json' })
      .end(JSON.stringify({ token: known ? 't0ken' : null }));
  },
  'GET /cookies': ({ response, request }) =>
    response.writeHead(200, html).end(
      page(
        'Cookies',
        `<p id="sent">${request.headers.cookie ?? 'none'}</p>
      <p id="seen"></p><script>document.getElementById('seen').textContent = 'script sees ' + document.cookie;
      document.cookie = 'mine=2; path=/'; console.log('now', document.cookie);</script>`,
      ),
    ),
  '* /moved': ({ response, url }) =>
    response.writeHead(Number(url.searchParams.get('status')), { location: '/echo' }).end(),
  '* /echo': ({ response, request, body }) =>
    response.writeHead(200, html).end(page('Echo', `${request.method} ${body}`)),
  'GET /redirecting': ({ response, url }) =>
    response.writeHead(200, html).end(
      page(
        'Form',
        `<form method="post" action="/moved?status=${url.searchParams.get('status')}">
      <label>Word <input name="word"></label><button>Send</button></form>`,
      ),
    ),
  'GET /parts': ({ response }) =>
    response
      .writeHead(200, html)
      .end(`<!doctype html><html><head><title>Parts</title><link rel="stylesheet" href="/style.css">
      <script src="/script.js"></script></head><body><p class="unseen">unseen</p><p>seen</p><script>inScript(); console.log('where', location.pathname, window.location.host, document.currentScript !== null);</script>
      <img id="i" src="/image.png" onload="console.log('image', this.naturalWidth)"></body></html>`),
  'GET /style.css': ({ response }) =>
    response.writeHead(200, { 'content-type': 'text/css' }).end('.unseen { display: none }'),
  'GET /script.js': ({ response }) =>
    response
      .writeHead(200, { 'content-type': 'text/javascript' })
      .end('const shared = "a script of its own"; function inScript() { console.log(shared); }'),
  'GET /image.png': ({ response }) =>
    response
      .writeHead(200, { 'content-type': 'image/png' })
      .end(
        Buffer.from(
          'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
          'base64',
        ),
      ),
  'GET /strict': ({ response, url }) =>
    response.writeHead(200, { ...html, 'content-security-policy': url.searchParams.get('policy') }).end(
      page(
        'Strict',
        `<script nonce="n1">console.log('nonce')</script><script>console.log('inline')</script><script src="/script.js"></script>
        <script>typeof inScript === 'function' && inScript()</script><img src="x" onerror="console.log('handler')">
        <button onclick="console.log('pressed')">Press</button>`,
      ),
    ),
  'GET /run': ({ response, url }) =>
    response
      .writeHead(200, html)
      .end(
        page(
          'Run',
          `<p>ran</p>${url.searchParams.get('html') ?? ''}<script>${url.searchParams.get('script') ?? ''}</script>`,
        ),
      ),
  'GET /plain': ({ response }) =>
    response.writeHead(200, { 'content-type': 'text/plain' }).end('<b>not bold</b>'),
};
