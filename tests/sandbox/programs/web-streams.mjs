// The streams of the web, Node's own: through each other, to and from Node's streams, and compressed.
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

const bytes = (words) => new Blob([words]).stream();
const there = bytes('a text, '.repeat(1000)).pipeThrough(new CompressionStream('gzip'));
const packed = await new Response(there).bytes();
console.log(packed.length < 1000, packed.subarray(0, 2));
const back = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
console.log((await text(back)).length);
const upper = new TransformStream({
  transform: (chunk, controller) => controller.enqueue(chunk.toUpperCase()),
});
console.log(await text(bytes('one two').pipeThrough(new TextDecoderStream()).pipeThrough(upper)));
console.log(await Readable.fromWeb(ReadableStream.from(['x', 'y'])).toArray());
for await (const chunk of Readable.toWeb(Readable.from(['y']))) console.log(chunk);
const [one, two] = ReadableStream.from([1, 2]).tee();
console.log(await Array.fromAsync(one), await Array.fromAsync(two), one);
await bytes('x')
  .pipeThrough(new DecompressionStream('gzip'))
  .getReader()
  .read()
  .catch((error) => console.log(error.name));
