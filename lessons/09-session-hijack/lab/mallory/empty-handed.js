import { readLedger } from './tools.js';

await readLedger();
