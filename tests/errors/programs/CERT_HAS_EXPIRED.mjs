// The certificate ran out in 2021.
import { files, meet, tell } from './support/meet.mjs';

const { client } = await meet(files('expired'), {});
tell('client', client);
