/** `node src/node/build/sums.ts`: takes new sums of Node's library after the pinned version was changed on purpose. */
import { rewriteSums } from './nodelib.ts';

const sums = rewriteSums();
console.log(
  `src/node/build/sums.json now describes Node.js ${sums.version}: ${Object.keys(sums.files).length} files`,
);
