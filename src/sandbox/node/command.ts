/** Which `node …` arguments a command stands for: `node FILE …` itself, or an npm script of that form. */
export function nodeArguments(
  command: string,
  args: readonly string[],
  packageJson: string | undefined,
): string[] {
  if (command === 'node') return [...args];
  if (command !== 'npm') {
    throw new Error(`Cannot run "${command}": expected node FILE …, or npm run NAME.`);
  }
  const [verb, ...rest] = args;
  const [name, ...extra] = verb === 'run' || verb === 'run-script' ? rest : args;
  if (
    name === undefined ||
    (verb !== 'run' && verb !== 'run-script' && verb !== 'test' && verb !== 'start')
  ) {
    throw new Error(`Cannot run "npm ${args.join(' ')}": expected npm run NAME, npm test or npm start.`);
  }
  const scripts: Record<string, string> = JSON.parse(packageJson ?? '{}').scripts ?? {};
  const script = scripts[name];
  if (script === undefined) {
    throw new Error(
      `No script "${name}" in package.json: it has ${Object.keys(scripts).join(', ') || 'none'}.`,
    );
  }
  const [program, ...words] = script.trim().split(/\s+/);
  if (program !== 'node' || words.length === 0 || /["'`$&|;<>*]/.test(script)) {
    throw new Error(`Cannot run the script "${name}": expected the form node FILE …, found "${script}".`);
  }
  return [...words, ...extra.filter((word, index) => !(index === 0 && word === '--'))];
}
