// The chain comes with its root, and nobody here trusts that root.
import { files, meet, tell } from './support/meet.mjs';

const { client } = await meet(files('foreign-root-sent'), {});
tell('client', client);
