const plural = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
const listed = (names: readonly string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
const kinds = {
  lesson: 'the lesson',
  step: 'the step',
  check: 'the check',
  edits: 'edits of',
  setting: 'the setting',
};

/** What the settings page says. */
export const settingsWords = {
  title: 'Settings',
  description: 'Colours, engine, and what this browser keeps of your work: export it, import it, start over.',
  intro:
    'What you choose and what you have done is kept in this browser and nowhere else. There is no account, and nothing leaves your machine unless you save it as a file.',
  noScript: 'JavaScript is off, so nothing can be set here, and nothing is kept.',
  refused:
    'This browser does not let the page keep anything (cookies and site data are blocked, or this is a private window that forgets). Everything works; what you do lasts until you leave a page. To keep results, allow site data for this site.',
  colours: { title: 'Colours' },
  lab: {
    title: 'In the lab',
    switches: {
      keys: 'Single keys act (press ? in a lesson for the list)',
      timestamps: 'Consoles show when each line was printed',
    },
  },
  done: {
    title: 'What you have done',
    nothing: 'nothing yet',
    steps: (passed: number, all: number) => `${passed} of ${plural(all, 'step')} passed`,
    checks: (passed: number, all: number) => `${passed} of ${plural(all, 'check')} passed`,
    edits: (count: number) => `${plural(count, 'file')} of your own`,
    gone: 'This lesson is not in the course any more.',
    reset: 'Start over',
    resetNamed: (title: string) => `Start ${title} over`,
    resetAll: 'Start the whole course over',
  },
  transfer: {
    title: 'Take it with you',
    text: 'Results, your changes to the files, and these settings, as one file. Import it in another browser, or after site data was cleared. What the file names replaces what is kept here under the same name; everything else stays.',
    save: 'Save as a file',
    choose: 'Import a file',
    file: (day: string, lesson?: string) => `handfast-${lesson ? `${lesson}-` : ''}${day}.json`,
    saved: (name: string) => `Saved as ${name}.`,
    expected: 'Expected',
    came: 'Came',
    todo: 'What to do',
    untouched: 'Nothing here was changed.',
    problems: {
      'too-large': {
        title: 'This file is too large to be one of ours',
        expected: 'at most 5 MB, which is more than a browser keeps',
        came: (came: string) => `about ${Math.ceil(Number(came) / 1e6)} MB`,
        todo: 'Choose a file that “Save as a file” has made on this page.',
      },
      unread: {
        title: 'This file cannot be opened',
        expected: 'a file that is still where it was chosen, and that this browser may read',
        came: (came: string) => came,
        todo: 'Choose it again. If it has just been saved or copied, wait until that is done.',
      },
      'not-json': {
        title: 'This file cannot be read',
        expected: 'JSON, as “Save as a file” writes it',
        came: (came: string) => (came === '' ? 'an empty file' : `a text that begins “${came}”`),
        todo: 'Choose the file that was saved on this page. If it is that file, it was cut short on its way: copy it again.',
      },
      'not-ours': {
        title: 'This file is not one of ours',
        expected: 'a file that says of itself: format “handfast-progress”, and a version',
        came: (came: string) => `“${came}”`,
        todo: 'Choose the file that was saved on this page; its name begins with “handfast-”.',
      },
      newer: {
        title: 'This file is from a newer version of this course',
        expected: 'version 1',
        came: (came: string) => `version ${came}`,
        todo: 'Reload this page to have the newest version of it, then import the file again.',
      },
      nothing: {
        title: 'There is nothing in this file for this course',
        expected: 'results, edits or settings of a lesson that is here',
        came: () => 'none',
        todo: 'It may be from another version of the course. Import it where it was saved.',
      },
    },
    /** “the step old-step of Mutual TLS”. */
    leftOut: ({ kind, name, lesson }: { kind: keyof typeof kinds; name: string; lesson?: string }) =>
      kind === 'edits'
        ? `the edits of ${lesson}, which cannot be read`
        : `${kinds[kind]} “${name}”${lesson ? ` of ${lesson}` : ''}`,
    leftOutTitle: 'Left out, because this course does not have it or it cannot be read:',
    plan: {
      title: 'Import this file?',
      adds: (count: number) => `adds ${plural(count, 'result')}`,
      replaces: (count: number) => `replaces ${plural(count, 'result')}`,
      inLessons: (names: readonly string[]) => ` in ${plural(names.length, 'lesson')} (${listed(names)})`,
      addsEdits: (names: readonly string[]) =>
        `adds your edits in ${plural(names.length, 'lesson')} (${listed(names)})`,
      replacesEdits: (names: readonly string[]) =>
        `replaces your edits in ${plural(names.length, 'lesson')} (${listed(names)}): those kept here now are lost`,
      settings: (names: readonly string[]) => `sets ${listed(names)}`,
      same: 'Everything in it is kept here already.',
      confirm: 'Import',
      saveFirst: 'Save what is here first',
    },
    settings: {
      theme: 'the colours',
      engine: 'the engine',
      split: 'the width of the lab',
      rows: 'the height of the files',
      tree: 'the tree of files',
      keys: 'the single keys',
      timestamps: 'the time stamps',
    },
    done: 'Imported.',
    full: 'This browser would not keep all of it: its space for this site is full, or refused. What was here is as it was.',
  },
  reset: {
    lessonTitle: (title: string) => `Start ${title} over?`,
    allTitle: 'Start the whole course over?',
    everythingTitle: 'Forget everything?',
    goes: 'This goes:',
    results: (count: number) => plural(count, 'result'),
    edits: (title: string, paths: readonly string[]) => `your changes in ${title}: ${listed(paths)}`,
    editsHere: (paths: readonly string[]) => `your changes in ${listed(paths)}`,
    stays: 'Your settings stay.',
    settings: 'your settings',
    openTabs:
      'A lesson that is open in another tab keeps your files as that tab shows them, and keeps them again when you go on there.',
    confirm: 'Start over',
    confirmEverything: 'Forget everything',
    saveFirst: 'Save them first',
    cancel: 'Cancel',
    lessonDone: (title: string) => `${title} is as on the first day.`,
    allDone: 'The course is as on the first day.',
    everythingDone: 'This browser keeps nothing of this site any more.',
  },
  keeps: {
    title: 'What this browser keeps',
    text: 'In its storage for this site (localStorage), readable by these pages only. No cookies are set, and the programs of the labs cannot reach it.',
    heads: { what: 'What', why: 'Why', size: 'Now' },
    rows: [
      {
        prefix: 'handfast:results',
        what: 'Results',
        why: 'so that a step or check that passed is still passed when you come back',
      },
      {
        prefix: 'handfast:edits:',
        what: 'Your files',
        why: 'so that your changes to a lab survive a reload, until the lesson’s own files change',
      },
      { prefix: 'handfast:theme', what: 'Colours', why: 'so that every page has them before it is painted' },
      { prefix: 'handfast:settings', what: 'Other settings', why: 'so that they are as you left them' },
    ],
    size: (count: number) =>
      count === 0
        ? 'nothing'
        : count < 1000
          ? `${count} characters`
          : `${Math.round(count / 1000)} thousand characters`,
    forget: 'Forget everything',
  },
} as const;
