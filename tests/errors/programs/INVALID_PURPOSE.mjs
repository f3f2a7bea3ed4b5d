// A certificate for clients, shown by a server.
import { files, meet, tell } from './support/meet.mjs';

const { client } = await meet(files('client-purpose'), {});
tell('client', client);
