// npm run lab -- SLUG: runs a lesson's lab and judges it by the lesson contract.
import { ensureInstalled, handOver } from './support/setup.mjs';

ensureInstalled();
handOver('scripts/lab/main.ts');
