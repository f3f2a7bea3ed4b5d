// The certificate is sound, and for another name.
import { files, meet, tell } from './support/meet.mjs';

const { client } = await meet(files('wrong-host'), {});
tell('client', client);
