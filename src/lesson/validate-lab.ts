import {
  listOf,
  objectOf,
  oneOf,
  optional,
  type Reader,
  recordOf,
  text,
  textLike,
  wholeNumber,
  wrong,
  yes,
} from './fields.ts';
import {
  type Act,
  type BrowserAction,
  type Expectation,
  kinds,
  type Lab,
  type LabFileRights,
  type LabPath,
  needs,
  roles,
  type WorldFiles,
} from './lab.ts';
import { checkNames } from './lab-names.ts';

const kebabName = textLike(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a kebab-case name such as "lax-server"');
const hostName = textLike(/^[a-z0-9-]+(\.[a-z0-9-]+)*\.example$/, 'a name under .example (RFC 2606)');
const address = textLike(/^10(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/, 'an address of the lab, 10.x.y.z');
const path = textLike(/^(?!\/)(?!.*\.\.)[\w./-]+$/, 'a path relative to the lab folder');

const oneOrMoreTexts: Reader<string | string[]> = (value, place) =>
  typeof value === 'string' ? text(value, place) : listOf(text, 1)(value, place);

/** Reads an object by the first of these shapes whose telling field it has. */
function shapedBy<Value>(shapes: readonly [field: string, shape: Reader<Value>][]): Reader<Value> {
  return (value, place) => {
    const isObject = value !== null && typeof value === 'object';
    const found = isObject ? shapes.find(([field]) => field in value) : undefined;
    if (found) return found[1](value, place);
    throw wrong(place, `an object with ${shapes.map(([field]) => field).join(' or ')}`, value, 'Say which.');
  };
}

const url: Reader<string> = (value, place) => {
  const given = text(value, place);
  if (URL.canParse(given) && /^https?:/.test(given)) return given;
  throw wrong(place, 'a URL with https: or http:', value, 'Write it in full, as one types it.');
};

const browserAction = shapedBy<BrowserAction>([
  ['open', objectOf({ open: url })],
  ['fill', objectOf({ fill: recordOf(text), press: text })],
  ['press', objectOf({ press: text })],
]);

const actObject = shapedBy<Act>([
  ['browser', objectOf({ browser: kebabName, does: listOf(browserAction, 1) })],
  ['start', objectOf({ start: kebabName })],
]);

const act: Reader<Act> = (value, place) =>
  typeof value === 'string' ? kebabName(value, place) : actObject(value, place);

const worldFiles = textLike(
  /^(lab|solution|yours|fixes\/[a-z0-9]+(-[a-z0-9]+)*)$/,
  'lab, solution, yours or fixes/NAME',
) as Reader<WorldFiles>;

const expectationFields = objectOf({
  process: kebabName,
  world: optional(kebabName),
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

const rightsFields = objectOf({ create: optional(yes), delete: optional(yes) });

const rights: Reader<LabFileRights> = (value, place) => {
  const given = rightsFields(value, place);
  if (given.create || given.delete) return given;
  throw wrong(place, 'create, delete or both', value, 'Say what is allowed, or take it out.');
};

const linkFields = objectOf({ between: listOf(hostName, 2) });

const onPath: Reader<LabPath> = (value, place) => {
  if (value === true) return value;
  if (value === null || typeof value !== 'object') {
    throw wrong(
      place,
      'true, or { between: [host, host] }',
      value,
      'Say between which hosts, or take it out.',
    );
  }
  const [first, second, ...more] = linkFields(value, place).between;
  if (more.length === 0) return { between: [first, second] };
  const field = `${place.field}.between`;
  throw wrong({ ...place, field }, 'two hosts', [first, second, ...more], 'A path has two ends.');
};

const lab = objectOf({
  kind: oneOf(kinds),
  hosts: listOf(objectOf({ name: hostName, address, role: oneOf(roles) }), 1),
  processes: listOf(
    objectOf({ name: kebabName, host: hostName, script: text, role: oneOf(roles), description: text }),
    1,
  ),
  browsers: optional(
    listOf(
      objectOf({ name: kebabName, host: hostName, role: oneOf(roles), trusts: path, description: text }),
      1,
    ),
  ),
  prepare: optional(listOf(kebabName, 1)),
  worlds: optional(listOf(objectOf({ name: kebabName, title: text, files: worldFiles, words: text }), 2)),
  steps: listOf(
    objectOf({
      id: kebabName,
      title: text,
      servers: listOf(kebabName),
      run: listOf(act, 1),
      worlds: optional(listOf(kebabName, 1)),
      comesTo: optional(
        listOf(objectOf({ world: kebabName, words: text, ribbon: oneOf(['tied', 'cut']) }), 1),
      ),
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
    before: optional(listOf(act, 1)),
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
  onPath: optional(onPath),
  needs: optional(listOf(oneOf(needs), 1)),
  files: optional(rights),
});

/** Reads what `lab.ts` exports. Every name must exist, and none may stand for two things. */
export function validateLab(value: unknown, file: string): Lab {
  const given: Lab = lab(value, { file, field: '' });
  checkNames(given, file);
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
  if (lab.kind === 'attack') {
    const honest = lab.steps.findIndex((step) => step.id === lab.exercise.honest);
    if (lab.steps[honest].solved !== undefined) {
      const field = `steps[${honest}].solved`;
      const remedy = 'An attack must not change what the honest client sees: take it out.';
      throw wrong({ file, field }, 'nothing', lab.steps[honest].solved, remedy);
    }
  }
}
