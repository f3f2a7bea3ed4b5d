// npm run --silent sandbox -- [--cwd DIR] [--timeout MS] ENTRY.js [args…]
// Plain JavaScript for whatever Node the machine has; the rest runs under the pinned one.
import { ensureEngine, ensureInstalled, handOver } from './support/setup.mjs';

ensureInstalled();
ensureEngine();
handOver('scripts/sandbox/main.ts');
