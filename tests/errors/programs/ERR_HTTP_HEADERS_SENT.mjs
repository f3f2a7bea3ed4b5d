// The answer is on its way, and somebody wants to add a header.
import http from 'node:http';
import { listening, tell } from './support/meet.mjs';

const server = http.createServer((_request, response) => {
  response.end('no');
  try {
    response.setHeader('www-authenticate', 'Bearer');
  } catch (error) {
    tell('server', error);
  }
  server.close();
});
const port = await listening(server);
http.get({ host: '127.0.0.1', port, agent: false }, (answer) => answer.resume());
