/** A page whose sandbox runs a memory bomb and then something harmless; it posts what it saw. */
import { bootEmbedded } from '../../../src/sandbox/embedded/index.ts';

async function scenario() {
  const box = await bootEmbedded({ heartbeatMs: 600 });
  await box.mount({ 'bomb.js': 'const all = []; for (;;) all.push(new Array(100_000).fill({}));' });
  const told = new Promise<string>((resolve) => box.on('error', ({ message }) => resolve(message)));
  const process = await box.spawn('node', ['bomb.js']);
  const code = await process.exit;

  const next = await bootEmbedded();
  await next.mount({ 'main.js': "console.log('alive')" });
  let again = '';
  for await (const chunk of (await next.spawn('node', ['main.js'])).stdout) again += chunk;
  return { told: await told, code, again, frames: document.querySelectorAll('iframe').length };
}

scenario()
  .catch((error) => ({ told: String(error) }))
  .then((seen) => fetch('/report', { method: 'POST', body: JSON.stringify(seen) }));
