import { readFileSync } from 'node:fs';

readFileSync('missing.pem');
