/** DER that is well formed and wrong: its tree is changed, and all lengths are made to fit again. */
import { children, readDer, Tag, writeDer } from '../../../src/x509/index.ts';
import type { Numbers } from './mutate.ts';

interface Tree {
  tag: number;
  /** Present where the content is itself DER. */
  inside: Tree[] | undefined;
  content: Uint8Array;
}

const CONSTRUCTED = 0x20;

/** Strings of bytes often hold DER again: extensions, keys, signatures. */
function insideOf(tag: number, content: Uint8Array): Tree[] | undefined {
  if (tag !== Tag.octetString || content.length < 2) return undefined;
  try {
    return [treeOf(content)];
  } catch {
    return undefined;
  }
}

function treeOf(bytes: Uint8Array): Tree {
  const node = readDer(bytes);
  const { tag, content } = node;
  const inside =
    tag & CONSTRUCTED ? children(node).map(({ bytes }) => treeOf(bytes)) : insideOf(tag, content);
  return { tag, inside, content };
}

function bytesOf({ tag, inside, content }: Tree): Uint8Array {
  return writeDer(tag, ...(inside ? inside.map(bytesOf) : [content]));
}

function all(tree: Tree): Tree[] {
  return [tree, ...(tree.inside ?? []).flatMap(all)];
}

const TAGS = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x30, 0x31, 0x80, 0x82, 0xa0, 0xa3,
];

/** One to three changes: of a tag, a content, or the order and number of what stands side by side. */
export function mutateDer(original: Uint8Array, next: Numbers): Uint8Array {
  const tree = treeOf(original);
  for (let wounds = 1 + next(3); wounds > 0; wounds--) {
    const trees = all(tree);
    const one = trees[next(trees.length)];
    const other = trees[next(trees.length)];
    wound(one, structuredClone(other), next);
  }
  return bytesOf(tree);
}

function wound(one: Tree, other: Tree, next: Numbers): void {
  const { inside } = one;
  const at = inside?.length ? next(inside.length) : 0;
  switch (next(7)) {
    case 0:
      one.tag = TAGS[next(TAGS.length)];
      break;
    case 1:
      // Something else from the same whole, in its place.
      Object.assign(one, other);
      break;
    case 2:
      if (inside?.length) inside.splice(at, 1);
      else one.content = one.content.slice(0, next(one.content.length + 1));
      break;
    case 3:
      if (inside) inside.splice(at, 0, other);
      else one.content = Uint8Array.from([...one.content, ...one.content]);
      break;
    case 4:
      if (inside) inside.reverse();
      else one.content = one.content.map((byte) => byte ^ (1 << next(8)));
      break;
    case 5:
      one.inside = undefined;
      one.content = new Uint8Array(next(300)).map(() => next(256));
      break;
    default:
      // The same, wrapped again and again.
      for (let depth = 1 + next(60); depth > 0; depth--) {
        const { tag, inside, content } = one;
        Object.assign(one, { tag: 0x30, inside: [{ tag, inside, content }], content: new Uint8Array() });
      }
  }
}
