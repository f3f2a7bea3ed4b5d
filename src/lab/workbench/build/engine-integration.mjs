// Puts the engine where the site serves it: `.build/engine/*` at `/engine/*`, in dev and in the built site.
import { spawnSync } from 'node:child_process';
import { cpSync, createReadStream, existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../..');
const built = path.join(root, '.build', 'engine');
const types = {
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** Builds the engine if its files are missing; `npm run build` has done so already when its sources changed. */
function ensureBuilt(logger) {
  if (
    ['worker.js', 'kernel.js', 'packages', 'container-place.js'].every((name) =>
      existsSync(path.join(built, name)),
    )
  )
    return;
  logger.info('building the engine');
  const builders = [
    'src/node/build/index.ts',
    'src/sandbox/embedded/packages/build.ts',
    'src/sandbox/webcontainer/build.ts',
  ];
  for (const builder of builders) {
    const result = spawnSync(process.execPath, [builder], { cwd: root, stdio: 'inherit' });
    if (result.status !== 0) throw new Error('The engine could not be built; the reason is above.');
  }
}

/** @returns {import('astro').AstroIntegration} */
export function engine() {
  return {
    name: 'handfast:engine',
    hooks: {
      'astro:config:done': ({ logger }) => ensureBuilt(logger),
      'astro:server:setup': ({ server }) => {
        server.middlewares.use('/engine/', (request, response, next) => {
          const file = path.join(built, path.posix.normalize(`/${request.url.split('?')[0]}`));
          if (!existsSync(file)) return next();
          response.setHeader('content-type', types[path.extname(file)] ?? 'application/octet-stream');
          createReadStream(file).pipe(response);
        });
      },
      'astro:build:done': ({ dir }) => {
        // Only what a page may fetch: source maps and the tests' own bundle (an .mjs) stay at home.
        cpSync(built, path.join(fileURLToPath(dir), 'engine'), {
          recursive: true,
          filter: (file) => file === built || /\.(js|json|txt|wasm)$|[\\/]packages$/.test(file),
        });
      },
    },
  };
}
