// Another site: takes what it is sent, and has pages that send people back.
const html = { 'content-type': 'text/html' };
const app = 'https://app.tally.example:8443';

module.exports = {
  '* /steal': ({ response }) => response.writeHead(200, { 'access-control-allow-origin': '*' }).end('thanks'),
  'GET /link': ({ response }) =>
    response.writeHead(200, html).end(`<title>Mallory</title><a href="${app}/cookies">Win</a>
      <form method="post" action="${app}/echo"><button>Post</button></form>
      <script>fetch('${app}/cookies', { mode: 'no-cors', credentials: 'include' })</script>`),
};
