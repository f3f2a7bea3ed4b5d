/** The page's own words. */
export const errorsPage = {
  title: 'Errors you will meet',
  description:
    'What Node.js, OpenSSL and OAuth say when TLS, mutual TLS or a token is refused: what each code means, and the fix that leaves the check in place.',
  lead: 'A refusal is the best documentation a program has. It says who looked, at what, and what they missed. Here is what each code says, who says it, and what mends it without turning the check off.',
  note: [
    'Every message on this page was raised for it by a small program, by Node.js and by the engine that runs the labs, and stands here in the words that came. Three things differ from run to run: the thread’s number before OpenSSL’s messages is written `…`, the port is 8443, the folder is `/lab`. The lines of OpenSSL’s sources are those of the Node.js that this course is built with.',
  ],
  contents: 'By kind',
  find: 'Find a code or a word',
  found: (count: number, all: number) => (count === all ? `${all} codes` : `${count} of ${all} codes`),
  none: 'No code here holds these words. The reason is often in the middle of a message: try two or three words of it.',
  link: 'Copy link',
  linkTo: (code: string) => `Copy link to ${code}`,
  copied: 'Copied',
  copiedTo: (code: string) => `Copied: link to ${code}`,
  spokenCopied: (code: string) => `The link to ${code} is copied.`,
  notCopied: 'This browser does not let the page write to the clipboard. The address bar has the link now.',
  by: {
    client: ['The client', 'prints'],
    server: ['The server', 'prints'],
    program: ['Your program', 'prints'],
    api: ['The API', 'answers'],
    auth: ['The authorization server', 'answers'],
  },
  rows: {
    causes: 'Usual causes',
    fix: 'What to do',
    not: 'What not to do',
    browser: 'In a browser',
    rfc: 'Standard',
    seen: 'See it run',
  },
} as const;
