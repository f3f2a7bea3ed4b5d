// An app of Mallory's on Ana's phone: a torch, which also claims the links that belong to Tally's app.
import { createServer } from 'node:net';
import { discover, LoginError, redeem } from '../oauth-client.js';
import { useToken } from './use-token.js';

/** Read out of Tally's apps, as anyone can who has them. @type {Record<string, string>} */
const clientIds = { 'example.tally.app:': 'tally-phone', 'tally:': 'tally-phone-2014' };

const server = createServer({ allowHalfOpen: true }, async (socket) => {
  let link = '';
  for await (const chunk of socket.setEncoding('utf8')) link += chunk;
  await trade(new URL(link));
  socket.end();
});

/** @param {URL} link */
async function trade(link) {
  const client = { id: clientIds[link.protocol], redirectUri: `${link.protocol}${link.pathname}` };
  console.log('a link with a code in it');
  try {
    const metadata = await discover('https://auth.tally.example:8443');
    const tokens = await redeem(metadata, client, link.searchParams.get('code') ?? '', undefined);
    await useToken('a token for the code', tokens.access_token);
  } catch (error) {
    if (!(error instanceof LoginError)) throw error;
    console.log(`no token for the code: ${error.code}`);
  }
}

server.listen(7070, () => console.log('listening on 7070'));
