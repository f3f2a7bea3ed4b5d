// The answer was ended, and somebody goes on writing.
import http from 'node:http';
import { listening, tell } from './support/meet.mjs';

const server = http.createServer((_request, response) => {
  response.on('error', (error) => tell('server', error));
  response.end('no');
  response.write('and another thing');
  server.close();
});
const port = await listening(server);
http.get({ host: '127.0.0.1', port, agent: false }, (answer) => answer.resume());
