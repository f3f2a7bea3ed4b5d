// The server signed its own certificate.
import { files, meet, tell } from './support/meet.mjs';

const { client } = await meet(files('self-signed'), {});
tell('client', client);
