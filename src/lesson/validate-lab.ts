import {
  listOf,
  objectOf,
  oneOf,
  optional,
  type Place,
  type Reader,
  text,
  textLike,
  wholeNumber,
  wrong,
} from './fields.ts';
import { type Expectation, kinds, type Lab, roles } from './lab.ts';
import { LessonError } from './lesson-error.ts';

const kebabName = textLike(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a kebab-case name such as "lax-server"');
const hostName = textLike(/^[a-z0-9-]+(\.[a-z0-9-]+)*\.example$/, 'a name under .example (RFC 2606)');
const address = textLike(/^10(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/, 'an address of the lab, 10.x.y.z');
const path = textLike(/^(?!\/)(?!.*\.\.)[\w./-]+$/, 'a path relative to the lab folder');

const oneOrMoreTexts: Reader<string | string[]> = (value, place) =>
  typeof value === 'string' ? text(value, place) : listOf(text, 1)(value, place);

const expectationFields = objectOf({
  process: kebabName,
  stream: optional(oneOf(['stdout', 'stderr'])),
  says: optional(oneOrMoreTexts),
  never: optional(text),
  exit: optional(wholeNumber),
  words: text,
});

const expectation: Reader<Expectation> = (value, place) => {
  const given = expectationFields(value, place);
  const kinds = [given.says, given.never, given.exit].filter((each) => each !== undefined);
  if (kinds.length !== 1) {
    throw wrong(
      place,
      'exactly one of says, never and exit',
      value,
      'Split it, so that each has its own words.',
    );
  }
  return given;
};

const lab = objectOf({
  kind: oneOf(kinds),
  hosts: listOf(objectOf({ name: hostName, address, role: oneOf(roles) }), 1),
  processes: listOf(
    objectOf({ name: kebabName, host: hostName, script: text, role: oneOf(roles), description: text }),
    1,
  ),
  steps: listOf(
    objectOf({
      id: kebabName,
      title: text,
      servers: listOf(kebabName),
      run: listOf(kebabName, 1),
      expect: listOf(expectation, 1),
      solved: optional(listOf(expectation, 1)),
      shows: optional(oneOf(['attack'])),
      open: optional(path),
      timeLimit: optional(wholeNumber),
    }),
    1,
  ),
  exercise: objectOf({
    servers: listOf(kebabName),
    host: hostName,
    attack: optional(kebabName),
    honest: kebabName,
    refusal: optional(listOf(expectation, 1)),
    timeLimit: optional(wholeNumber),
  }),
  checks: listOf(
    objectOf({
      name: kebabName,
      title: text,
      file: path,
      test: text,
      hints: listOf(text, 2),
      explanation: text,
      failsAtFirst: optional(text),
    }),
    1,
  ),
  open: listOf(path, 1),
  editable: listOf(path, 1),
});

/** Reads what `lab.ts` exports. Every name must exist, and none may stand for two things. */
export function validateLab(value: unknown, file: string): Lab {
  const given: Lab = lab(value, { file, field: '' });
  const processes = given.processes.map(({ name }) => name);
  const hosts = given.hosts.map(({ name }) => name);
  const steps = given.steps.map(({ id }) => id);

  unique(hosts, { file, field: 'hosts' });
  unique(
    given.hosts.map((host) => host.address),
    { file, field: 'hosts' },
  );
  unique(processes, { file, field: 'processes' });
  unique(steps, { file, field: 'steps' });
  unique(
    given.checks.map(({ name }) => name),
    { file, field: 'checks' },
  );

  given.processes.forEach((each, index) => {
    known(each.host, hosts, 'host', { file, field: `processes[${index}].host` });
  });
  given.steps.forEach((step, index) => {
    const field = `steps[${index}]`;
    for (const list of ['servers', 'run'] as const) {
      step[list].forEach((name, at) => {
        known(name, processes, 'process', { file, field: `${field}.${list}[${at}]` });
      });
    }
    const takingPart = [...step.servers, ...step.run];
    for (const list of ['expect', 'solved'] as const) {
      step[list]?.forEach((each, at) => {
        known(each.process, takingPart, 'process of this step', {
          file,
          field: `${field}.${list}[${at}].process`,
        });
      });
    }
  });
  const { exercise } = given;
  exercise.servers.forEach((name, at) => {
    known(name, processes, 'process', { file, field: `exercise.servers[${at}]` });
  });
  known(exercise.host, hosts, 'host', { file, field: 'exercise.host' });
  known(exercise.honest, steps, 'step', { file, field: 'exercise.honest' });
  if (exercise.attack !== undefined)
    known(exercise.attack, steps, 'step', { file, field: 'exercise.attack' });
  provesSomething(given, file);
  return given;
}

/** A contract that cannot tell the start from the solution proves nothing. */
function provesSomething(lab: Lab, file: string): void {
  const decisive = lab.kind === 'repair' ? 'honest' : 'attack';
  const id = lab.exercise[decisive];
  if (id === undefined) {
    throw wrong(
      { file, field: `exercise.${decisive}` },
      `the step a "${lab.kind}" lab turns on`,
      undefined,
      'Name it.',
    );
  }
  const index = lab.steps.findIndex((step) => step.id === id);
  if (lab.steps[index].solved === undefined) {
    const field = `steps[${index}].solved`;
    throw wrong({ file, field }, 'what is seen once the exercise is solved', undefined, 'Say it.');
  }
  if (lab.checks.every((check) => check.failsAtFirst === undefined)) {
    const field = 'checks[0].failsAtFirst';
    throw wrong({ file, field }, 'a check that the starting files fail', undefined, 'Say how it fails.');
  }
}

function unique(names: readonly string[], place: Place): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new LessonError({
    code: 'duplicate-name',
    ...place,
    expected: 'each name once',
    actual: `"${twice}" twice`,
    remedy: 'Rename one of them.',
  });
}

function known(name: string, names: readonly string[], what: string, place: Place): void {
  if (names.includes(name)) return;
  throw new LessonError({
    code: 'unknown-name',
    ...place,
    expected: `a ${what}: ${names.join(', ')}`,
    actual: `"${name}"`,
    remedy: 'Correct the name, or add what it stands for.',
  });
}
