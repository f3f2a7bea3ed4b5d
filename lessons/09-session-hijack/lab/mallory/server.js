// Mallory's server. Anyone may bring a token to it; only Mallory, from this machine, gets one out.
import { decodeJwt } from 'jose';
import { serve, text } from '../http.js';
import { pem } from '../pem.js';

/** @type {string[]} */
const loot = [];
/** Those who wait for the next token. @type {((token: string) => void)[]} */
const waiting = [];

serve(
  { cert: pem('mallory.pem'), key: pem('mallory.key.pem') },
  {
    async 'POST /loot'(request, response) {
      let token = '';
      for await (const chunk of request.setEncoding('utf8')) token += chunk;
      const { sub, client_id } = decodeJwt(token); // anyone can read a token: no key is needed
      console.log(`loot: a token of ${sub}’s, issued to ${client_id}`);
      const next = waiting.shift();
      if (next) next(token);
      else loot.push(token);
      response.setHeader('access-control-allow-origin', '*'); // so that a stranger's page may send here, and be told so
      text(response, 200, 'Thank you.');
    },

    async 'GET /loot'({ socket }, response) {
      if (socket.remoteAddress !== socket.localAddress)
        return text(response, 404, 'There is no such page here.');
      text(response, 200, loot.shift() ?? (await new Promise((resolve) => waiting.push(resolve))));
    },
  },
);
