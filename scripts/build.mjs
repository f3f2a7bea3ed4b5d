// npm run build: the static site, in dist/.
import { ensureInstalled, ensureSite } from './support/setup.mjs';

ensureInstalled();
ensureSite();
