/** What the front page says: apart from the other words, for its scripts carry no others. */
export const frontWords = {
  sentence:
    'Two programs meet on a wire that neither owns. Run them, break them, and see what makes a handshake hold.',
  what: 'A course on TLS, mutual TLS and OAuth token binding. In every lesson a server, a client and, where it matters, an attacker really run, here in the page.',
  begin: 'Begin with mutual TLS',
  note: 'Four lessons are open so far: the fifth, and the eighth to the tenth. The others are being written; this is the way they will go.',
  contents: 'The course',
  figure: 'A client and a server, and a ribbon tied in a knot between them.',
  live: {
    label: 'What the two have just said to each other',
    starting: 'Two programs are being started in this page.',
    done: (count: number, milliseconds: number, sealed: number) =>
      `${count} messages in ${milliseconds} ms, just now, in your browser. ${sealed} records of it were closed to anybody on the path.`,
    sides: { client: 'client', server: 'server' },
    clear: 'in clear',
    sealed: 'encrypted',
    again: 'Shake hands again',
    inside: 'Look inside the messages',
    failed:
      'Here a handshake would be drawn as it happens; this browser could not run it. Everything can still be read.',
  },
  soFar: {
    begun: (steps: number, allSteps: number, checks: number, allChecks: number) =>
      `So far: ${steps} of ${allSteps} steps and ${checks} of ${allChecks} checks passed.`,
    done: 'Done: every step and every check passed.',
  },
  figureCaption: 'Real servers and clients, speaking real TLS 1.3, in this page and nowhere else.',
} as const;
