// A server and a client of node:http, with keep-alive, a stream and an error.

import { once } from 'node:events';
import http from 'node:http';

const server = http.createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  if (request.url === '/drop') return request.socket.destroy();
  response.setHeader('X-Method', request.method);
  response.end(JSON.stringify({ url: request.url, body, agent: request.headers['x-agent'] }));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const ask = (method, path, body) =>
  new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port, method, path, agent, headers: { 'X-Agent': 'ana' } },
      async (response) => {
        let text = '';
        for await (const chunk of response.setEncoding('utf8')) text += chunk;
        resolve(
          `${response.statusCode} ${response.headers['x-method']} ${text} reused=${request.reusedSocket}`,
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
console.log(await ask('GET', '/one'));
console.log(await ask('POST', '/two', 'x'.repeat(10)));
console.log(await ask('PUT', '/three', 'body'));
await ask('GET', '/drop').catch((error) => console.log(error.code, error.message));
agent.destroy();
server.close(() => console.log('closed'));
