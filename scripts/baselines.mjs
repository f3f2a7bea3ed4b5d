// npm run baselines: takes the pictures again that `tests/pages/visual.test.ts` compares the pages with. Look at them
// (`git diff` shows which changed) before they are committed.
process.env.TAKE_BASELINES = '1';
process.argv.push('tests/pages/visual.test.ts');
await import('./test.mjs');
