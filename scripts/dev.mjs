// npm run dev: the site for authors, rebuilt as they write.
import { spawnSync } from 'node:child_process';
import { ensureEngine, ensureInstalled, pinnedNode, root } from './support/setup.mjs';

ensureInstalled();
ensureEngine();
const port = process.env.PORT ?? '4321';
const result = spawnSync(pinnedNode(), ['node_modules/astro/bin/astro.mjs', 'dev', '--port', port], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(result.status ?? 1);
