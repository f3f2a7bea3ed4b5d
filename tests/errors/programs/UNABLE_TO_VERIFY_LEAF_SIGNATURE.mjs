// The server forgot its intermediate certificate: from its own to the root, a link is missing.
import { files, meet, tell } from './support/meet.mjs';

const { client } = await meet(files('missing-intermediate'), {});
tell('client', client);
