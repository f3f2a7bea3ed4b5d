/** The course as the front page tells it. A lesson that exists in `lessons/` is open; the others say that they are coming. */
export interface Chapter {
  readonly number: number;
  readonly slug: string;
  readonly title: string;
  /** One sentence of the story, as it continues from the one before. */
  readonly story: string;
}

export interface Part {
  readonly name: string;
  readonly title: string;
  readonly story: string;
  readonly chapters: readonly Chapter[];
}

export const course: readonly Part[] = [
  {
    name: 'Part I',
    title: 'The wire',
    story:
      'Tally keeps books for small companies. Its programs talk to one another over wires they do not own.',
    chapters: [
      {
        number: 1,
        slug: 'plain-http',
        title: 'Plain HTTP',
        story: 'Ana logs in, and everyone on the path can read her password.',
      },
      {
        number: 2,
        slug: 'tls-in-one-round-trip',
        title: 'TLS 1.3 in one round trip',
        story: 'Seven messages close the wire. You open each of them.',
      },
      {
        number: 3,
        slug: 'who-signed-this',
        title: 'Who signed this?',
        story:
          'A certificate is a promise with a signature under it. You build the chain, then mend eight broken ones.',
      },
      {
        number: 4,
        slug: 'man-in-the-middle',
        title: 'The man in the middle',
        story: 'Mallory answers in the server’s place, and one line copied from a forum lets her.',
      },
    ],
  },
  {
    name: 'Part II',
    title: 'Both sides',
    story: 'Tally’s services stop taking callers at their word.',
    chapters: [
      {
        number: 5,
        slug: 'mutual-tls',
        title: 'Mutual TLS',
        story:
          'The server asks the client for its name, and for proof. One server asks and never looks at the answer.',
      },
      {
        number: 6,
        slug: 'service-to-service',
        title: 'Service to service',
        story: 'The ledger learns who is calling, and that knowing a name is not yet granting a wish.',
      },
      {
        number: 7,
        slug: 'what-mtls-does-not-see',
        title: 'What mTLS does not see',
        story: 'Every handshake is perfect, and Mallory still acts as Ana.',
      },
    ],
  },
  {
    name: 'Part III',
    title: 'Tokens',
    story: 'Ana lends Tally’s app a small part of her power, and Mallory wants it.',
    chapters: [
      {
        number: 8,
        slug: 'oauth-in-one-sitting',
        title: 'OAuth 2.0 in one sitting',
        story: 'A code, a token, and six things to check before you believe it.',
      },
      {
        number: 9,
        slug: 'session-hijack',
        title: 'The session hijack',
        story: 'Whoever holds the token is Ana. This time you are Mallory.',
      },
      {
        number: 10,
        slug: 'certificate-bound-tokens',
        title: 'Binding: the hijack defeated',
        story: 'The token is tied to a key that never travels, and the same theft comes to nothing.',
      },
      {
        number: 11,
        slug: 'client-authentication',
        title: 'The client proves itself',
        story: 'The authorization server, too, wants to know who is asking.',
      },
      {
        number: 12,
        slug: 'pulling-the-plug',
        title: 'Pulling the plug',
        story: 'Access is taken back, and you measure how long it outlives the order.',
      },
      {
        number: 13,
        slug: 'dpop',
        title: 'DPoP',
        story: 'No client certificate, so each request carries its own proof. Six attacks try it.',
      },
      {
        number: 14,
        slug: 'behind-the-proxy',
        title: 'Behind the proxy',
        story: 'TLS ends one machine too early, and a header speaks for the client.',
      },
      {
        number: 15,
        slug: 'what-binding-does-not-stop',
        title: 'What binding does not stop',
        story: 'Mallory gives up carrying the token away and moves in.',
      },
    ],
  },
  {
    name: 'Capstone',
    title: 'Break it, then bind it',
    story: 'Tally again, with six faults in it and nobody to tell you where.',
    chapters: [
      {
        number: 16,
        slug: 'break-it-then-bind-it',
        title: 'Break it, then bind it',
        story: 'Take six flags as Mallory. Then close the six doors behind her.',
      },
    ],
  },
];

/** The part and chapter a lesson's slug belongs to. */
export function placeOf(slug: string): { part: Part; chapter: Chapter } | undefined {
  for (const part of course) {
    const chapter = part.chapters.find((candidate) => candidate.slug === slug);
    if (chapter) return { part, chapter };
  }
  return undefined;
}
