// The certificate begins in 2090.
import { files, meet, tell } from './support/meet.mjs';

const { client } = await meet(files('not-yet'), {});
tell('client', client);
