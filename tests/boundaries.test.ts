// Who may know whom (the house of the README), checked over every import in the sources.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** For each folder of src: the folders whose door (`index.ts`) it may open. */
const MAY_KNOW: Record<string, string[]> = {
  pages: ['layouts', 'components', 'styles', 'lesson', 'text'],
  layouts: ['components', 'styles', 'lesson', 'text', 'progress', 'sandbox'],
  components: ['lab', 'lesson', 'sandbox', 'text', 'styles', 'progress'],
  styles: [],
  lab: ['wire', 'sandbox', 'lesson', 'progress', 'share', 'text'],
  lesson: [],
  progress: [],
  share: [],
  text: [],
  wire: ['tls', 'x509'],
  sandbox: ['node', 'text'],
  node: ['tls', 'x509'],
  tls: ['x509'],
  x509: [],
};

/** Files that other folders may name directly, beside each folder's `index.ts`. */
const SIDE_DOORS: [file: string, reason: string][] = [
  ['src/node/host.ts', 'the interface that the sandbox implements: types only'],
  ['src/node/pieces/list.ts', 'which pieces Node’s library is in: a table that imports nothing'],
  ['src/node/build/index.ts', 'a build-time command, never bundled'],
  ['src/tls/codec/index.ts', "the codec's own door, for the wire view"],
  [
    'src/tls/passive.ts',
    'how the wire view opens records with a key log: it makes no keys and sends nothing',
  ],
  ['src/x509/name-tables.ts', 'the names in certificates, for the wire view too: tables only'],
  ['src/x509/der.ts', 'the reader of DER, by which the wire view shows a certificate’s bytes'],
  ['src/sandbox/needed-ahead.ts', 'what the build knows that the engine will ask for: never in a page'],
  ['src/sandbox/syntax-ahead.ts', 'what the build parses for the engine: never in a page'],
  ['src/sandbox/embedded/policy.ts', "the page's content security policy, which the layout must send"],
  ['src/lesson/lab.ts', 'what a lab is: it imports nothing, so a page may have it'],
  ['src/lab/handshake/index.ts', 'a handshake for the front page, which is loaded once the page is at rest'],
  ['src/lab/workbench/index.ts', 'the half of the lab that needs a page, which is loaded on first use'],
];

/** Imports from outside `src` that code below the page must not have, because it runs where there is no page. */
const WITHOUT_A_PAGE = ['x509', 'tls', 'node', 'lesson', 'wire'];

interface Import {
  from: string;
  specifier: string;
}

function filesUnder(folder: string, matches: (file: string) => boolean): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const entry = path.join(folder, name);
    if (statSync(entry).isDirectory()) return name === 'node_modules' ? [] : filesUnder(entry, matches);
    return matches(entry) ? [entry] : [];
  });
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const script = /\.(astro|mdx)$/.test(file)
    ? [...text.matchAll(/^\s*(?:import|export)\b[^;'"]*['"][^'"]+['"]/gm)].map((match) => match[0]).join('\n')
    : text;
  return ts
    .preProcessFile(script, true, true)
    .importedFiles.map(({ fileName }) => ({ from: path.relative(root, file), specifier: fileName }));
}

/** `src/tls/codec/index.ts` for `../tls/codec/index.ts` as seen from `from`; undefined for packages. */
function target({ from, specifier }: Import): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return path.relative(root, path.resolve(root, path.dirname(from), specifier.split('?')[0]));
}

const part = (file: string) => file.split(path.sep)[1];
const sources = filesUnder(path.join(root, 'src'), (file) => /\.(ts|tsx|js|mjs|astro|mdx)$/.test(file));

test('src folders know only the folders the design allows, and enter by the front door', () => {
  const faults: string[] = [];
  for (const found of sources.flatMap(importsOf)) {
    const to = target(found);
    if (!to) continue;
    if (!to.startsWith(`src${path.sep}`)) {
      if (!/\.(json|css|ico|svg)$/.test(to) && !to.startsWith('lessons') && !to.startsWith('.build')) {
        faults.push(`${found.from} reaches outside src: ${to}`);
      }
      continue;
    }
    const [mine, theirs] = [part(found.from), part(to)];
    if (mine === theirs || !theirs.match(/^[a-z0-9]+$/)) continue;
    if (!MAY_KNOW[mine]?.includes(theirs))
      faults.push(`${found.from} may not know src/${theirs} (imports ${to})`);
    const isDoor = to === path.join('src', theirs, 'index.ts') || SIDE_DOORS.some(([file]) => file === to);
    if (!isDoor && !['components', 'layouts', 'styles'].includes(theirs)) {
      faults.push(`${found.from} enters src/${theirs} by a window: ${to} (its door is index.ts)`);
    }
  }
  assert.deepEqual(faults, []);
});

test('every folder of src is in the table of who may know whom', () => {
  const folders = readdirSync(path.join(root, 'src')).filter((name) =>
    statSync(path.join(root, 'src', name)).isDirectory(),
  );
  assert.deepEqual(
    folders.filter((name) => !(name in MAY_KNOW)),
    [],
  );
});

/** All that is for one who listens: to read messages, to open records with a key log, to take a certificate apart. */
const WIRE_MAY_KNOW = [
  'src/tls/codec/index.ts',
  'src/tls/passive.ts',
  'src/x509/der.ts',
  'src/x509/name-tables.ts',
];

test('the wire view knows what one who listens needs, and nothing that speaks or judges', () => {
  const faults = sources
    .filter((file) => part(path.relative(root, file)) === 'wire')
    .flatMap(importsOf)
    .filter((found) => /^src\/(tls|x509)/.test(target(found) ?? ''))
    .filter((found) => !WIRE_MAY_KNOW.includes(target(found) as string));
  assert.deepEqual(faults, []);
});

test('nothing below the lab touches the page', () => {
  const faults = sources
    .map((file) => path.relative(root, file))
    .filter((file) => WITHOUT_A_PAGE.includes(part(file)) && /\.(ts|js|mjs)$/.test(file))
    .flatMap((file) => {
      const code = ts.createSourceFile(
        file,
        readFileSync(path.join(root, file), 'utf8'),
        ts.ScriptTarget.Latest,
        true,
      );
      const found: string[] = [];
      const visit = (node: ts.Node): void => {
        if (
          ts.isPropertyAccessExpression(node) &&
          ts.isIdentifier(node.expression) &&
          ['document', 'window', 'localStorage'].includes(node.expression.text) &&
          !declaredIn(code, node.expression.text)
        ) {
          found.push(`${file}: ${node.getText(code)}`);
        }
        ts.forEachChild(node, visit);
      };
      visit(code);
      return found;
    });
  assert.deepEqual(faults, []);
});

/** Whether a file binds the name itself (a parameter or variable called `window`, say: a TCP window is no page). */
function declaredIn(code: ts.SourceFile, name: string): boolean {
  let declared = false;
  const visit = (node: ts.Node): void => {
    if (
      (ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node)) &&
      ts.isIdentifier(node.name)
    ) {
      declared ||= node.name.text === name;
    }
    ts.forEachChild(node, visit);
  };
  visit(code);
  return declared;
}

test('a lab imports only node:*, its own files and the packages its package.json names', () => {
  const faults: string[] = [];
  for (const lesson of readdirSync(path.join(root, 'lessons'))) {
    for (const folder of ['lab', 'solution', 'fixes']) {
      const base = path.join(root, 'lessons', lesson, folder);
      const manifest = path.join(root, 'lessons', lesson, 'lab', 'package.json');
      const packages = existsSync(manifest)
        ? Object.keys(JSON.parse(readFileSync(manifest, 'utf8')).dependencies ?? {})
        : [];
      for (const found of filesUnder(base, (file) => /\.(js|mjs|cjs)$/.test(file)).flatMap(importsOf)) {
        const { specifier } = found;
        const to = target(found);
        const isOwn = to?.startsWith(path.relative(root, base));
        const isNode = specifier.startsWith('node:') && isBuiltin(specifier);
        if (!isOwn && !isNode && !packages.includes(specifier))
          faults.push(`${found.from} imports ${specifier}`);
      }
    }
  }
  assert.deepEqual(faults, []);
});
