import type { ErrorKind } from './entry.ts';

/** Node.js about your own code. */
export const programs: ErrorKind = {
  id: 'programs',
  title: 'Your own program',
  about: 'Node.js about the code that runs: nobody on the network is to blame.',
  entries: [
    {
      code: 'ERR_ASSERTION',
      by: 'program',
      message: 'Expected values to be strictly equal:\n\n200 !== 401',
      means: 'A check did not hold. The left value is what came, the right one what was expected.',
      causes: [
        'In this course: a check of the exercise, which says in words before the numbers what it wanted.',
      ],
      fix: 'Read the sentence, then the two values. Mend the program, not the check.',
    },
    {
      code: 'ERR_MODULE_NOT_FOUND',
      by: 'program',
      message: "Cannot find module '/lab/narate.js' imported from /lab/ERR_MODULE_NOT_FOUND.mjs",
      means:
        'An `import` names a file or a package that is not there. Node.js adds no ending and looks in no folder for you.',
      causes: [
        'A letter in the name; `./pem` for `./pem.js`; capitals, which Linux tells apart.',
        'The package was not installed: `npm ci` has not run.',
      ],
      fix: 'Write the whole file name, as it is on the disk. The message says which file asked.',
    },
    {
      code: 'ERR_INVALID_ARG_TYPE',
      by: 'program',
      message:
        'The "key" argument must be of type string or an instance of ArrayBuffer, Buffer, TypedArray, DataView, KeyObject, or CryptoKey. Received undefined',
      means: 'A function was given a value of a kind that it does not take. The last words say what came.',
      causes: [
        '“Received undefined”: an environment variable that is not set, a property with another name, a missing `await`.',
        '“Received an instance of Promise”: the `await` again.',
      ],
      fix: 'Go up the stack to the first line of your own, and ask where that value should have come from. A secret that is missing stops the program at its start.',
      not: "`?? ''`. An HMAC with an empty key is a signature that everybody can make.",
    },
    {
      code: 'ERR_INVALID_URL',
      by: 'program',
      message: 'Invalid URL',
      means: 'The text is no absolute address. `error.input` has it.',
      causes: [
        'A path without scheme and host: `request.url` is `/callback?code=…`, and no more.',
        'An environment variable that is empty.',
      ],
      fix: 'Give the base: `new URL(request.url, origin)`, with an origin from your own configuration.',
      not: 'Building it from the `Host` header for anything that matters: the caller writes that header.',
    },
    {
      code: 'ERR_HTTP_HEADERS_SENT',
      by: 'server',
      message: 'Cannot set headers after they are sent to the client',
      means:
        'The answer has been sent, and your program goes on as if it had not. After a refusal that is dangerous: the code behind it runs.',
      causes: [
        'A `return` is missing after `response.end(…)` in the branch that says no.',
        'Two handlers answer the same request.',
      ],
      fix: 'Return where you refuse, and test that nothing behind the refusal happened, not only that the status was 401.',
      not: '`if (!response.headersSent)` around the second answer: it hides that both branches ran.',
    },
    {
      code: 'ERR_STREAM_WRITE_AFTER_END',
      by: 'server',
      message: 'write after end',
      means: 'Something is written to a stream that your own side has already ended.',
      causes: [
        'A callback that comes late: a database answers after the request was refused.',
        'A missing `return`, or a missing `await`.',
      ],
      fix: 'Make one place end the stream, and let the others hand their data to it.',
    },
  ],
};
