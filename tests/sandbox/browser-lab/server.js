// `node server.js HOST CERTIFICATE`: one of the hosts of the lab that the browser's tests visit. Says what came in.
const fs = require('node:fs');
const https = require('node:https');

const [, , host, certificate = host] = process.argv;
const options = { cert: fs.readFileSync(`${certificate}.pem`), key: fs.readFileSync(`${certificate}.key`) };
const routes = require(`./${host.split('.')[0]}.js`);

https
  .createServer(options, async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const url = new URL(request.url, `https://${host}:8443`);
    const { origin = '-', cookie = '-', referer = '-' } = request.headers;
    console.log(
      `${request.method} ${request.url} origin=${origin} cookie=${cookie} referer=${referer} body=${body}`,
    );
    const route = routes[`${request.method} ${url.pathname}`] ?? routes[`* ${url.pathname}`];
    if (route) route({ request, response, url, body });
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('nothing here');
  })
  .listen(8443);
