import { type Place, wrong } from './fields.ts';
import { type Act, actors, type Expectation, type Lab, type LabStep } from './lab.ts';
import { LessonError } from './lesson-error.ts';

/** Every name in a lab must stand for something, and none for two things. */
export function checkNames(lab: Lab, file: string): void {
  const at = (field: string): Place => ({ file, field });
  const processes = lab.processes.map(({ name }) => name);
  const browsers = (lab.browsers ?? []).map(({ name }) => name);
  const hosts = lab.hosts.map(({ name }) => name);
  const steps = lab.steps.map(({ id }) => id);
  const addresses = lab.hosts.map(({ address }) => address);
  const checks = lab.checks.map(({ name }) => name);
  const worlds = (lab.worlds ?? []).map(({ name }) => name);

  unique(hosts, at('hosts'));
  unique(addresses, at('hosts'));
  unique(processes, at('processes'));
  unique([...processes, ...browsers], at('browsers'));
  unique(worlds, at('worlds'));
  unique(steps, at('steps'));
  unique(checks, at('checks'));

  lab.processes.forEach(({ host }, index) => {
    known(host, hosts, 'host', at(`processes[${index}].host`));
  });
  lab.browsers?.forEach(({ host }, index) => {
    known(host, hosts, 'host', at(`browsers[${index}].host`));
  });
  if (typeof lab.onPath === 'object') {
    const { between } = lab.onPath;
    between.forEach((name, index) => {
      known(name, hosts, 'host', at(`onPath.between[${index}]`));
    });
    unique(between, at('onPath.between'));
  }
  lab.prepare?.forEach((name, index) => {
    known(name, processes, 'process', at(`prepare[${index}]`));
  });

  const checkActs = (acts: readonly Act[], field: string) => {
    acts.forEach((act, index) => {
      checkAct(act, `${field}[${index}]`);
    });
  };
  const checkAct = (act: Act, field: string) => {
    if (typeof act === 'string') known(act, processes, 'process', at(field));
    else if ('start' in act) known(act.start, processes, 'process', at(`${field}.start`));
    else {
      known(act.browser, browsers, 'browser', at(`${field}.browser`));
      act.does.forEach((action, index) => {
        if (!('open' in action)) return;
        known(new URL(action.open).hostname, hosts, 'URL of a host', at(`${field}.does[${index}].open`));
      });
    }
  };

  lab.steps.forEach((step, index) => {
    const field = `steps[${index}]`;
    step.servers.forEach((name, place) => {
      known(name, processes, 'process', at(`${field}.servers[${place}]`));
    });
    checkActs(step.run, `${field}.run`);
    step.worlds?.forEach((name, place) => {
      known(name, worlds, 'world', at(`${field}.worlds[${place}]`));
    });
    unique(step.worlds ?? [], at(`${field}.worlds`));
    step.comesTo?.forEach(({ world }, place) => {
      known(world, step.worlds ?? [], 'world of this step', at(`${field}.comesTo[${place}].world`));
    });
    for (const list of ['expect', 'solved'] as const) {
      step[list]?.forEach((each, place) => {
        checkExpectation(each, step, browsers, at(`${field}.${list}[${place}]`));
      });
    }
  });

  const { exercise } = lab;
  exercise.servers.forEach((name, index) => {
    known(name, processes, 'process', at(`exercise.servers[${index}]`));
  });
  checkActs(exercise.before ?? [], 'exercise.before');
  known(exercise.host, hosts, 'host', at('exercise.host'));
  known(exercise.honest, steps, 'step', at('exercise.honest'));
  if (exercise.attack === undefined) return;
  known(exercise.attack, steps, 'step', at('exercise.attack'));
  const attack = lab.steps.find(({ id }) => id === exercise.attack) as LabStep;
  exercise.refusal?.forEach((each, index) => {
    checkExpectation(each, attack, browsers, at(`exercise.refusal[${index}]`));
  });
}

function checkExpectation(
  expectation: Expectation,
  step: LabStep,
  browsers: readonly string[],
  place: Place,
): void {
  const at = (name: string) => ({ ...place, field: `${place.field}.${name}` });
  const takingPart = [...step.servers, ...actors(step.run)];
  known(expectation.process, takingPart, 'process of this step', at('process'));
  if (expectation.exit !== undefined && browsers.includes(expectation.process)) {
    throw wrong(at('exit'), 'nothing: a browser does not end', expectation.exit, 'Look for what it prints.');
  }
  if (step.worlds === undefined) {
    if (expectation.world === undefined) return;
    const remedy = 'Give the step its worlds, or take it out.';
    throw wrong(at('world'), 'nothing in a step without worlds', expectation.world, remedy);
  }
  if (expectation.world === undefined) {
    const expected = `one of the step's worlds: ${step.worlds.join(', ')}`;
    throw wrong(at('world'), expected, undefined, 'Say in which world it is seen.');
  }
  known(expectation.world, step.worlds, 'world of this step', at('world'));
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
