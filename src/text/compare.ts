/** What is said of two runs of the same step, compared. */
const count = (number: number, one: string, more: string) => `${number} ${number === 1 ? one : more}`;

export const compareWords = {
  title: 'What changed since the last run',
  toggle: 'What changed',
  none: 'Run the step twice: what the second run says otherwise is listed here.',
  reading: 'Reading the run before.',
  kinds: { new: 'new', gone: 'gone', changed: 'different' },
  equal: 'The two runs said the same.',
  same: (number: number) => `${count(number, 'message is', 'messages are')} the same in both runs.`,
  random: (names: readonly string[]) =>
    `Left out, because they are random or tell the time, and differ in every run: ${names.join(', ')}.`,
  skipped: (number: number) =>
    `${count(number, 'message was', 'messages were')} not compared: there are too many.`,
  was: 'was',
  is: 'is',
  nothing: 'not there',
  more: (number: number) => `and ${number} more`,
};
