/** A fault in a lesson's own files. It names the file and the field, so that an author can go straight there. */
export class LessonError extends Error {
  override readonly name = 'LessonError';
  readonly code: string;
  readonly file: string;
  readonly field: string;
  readonly expected: string;
  readonly actual: string;
  readonly remedy: string;

  constructor(fault: {
    /** Stable, kebab-case. */
    code: string;
    file: string;
    /** As the author wrote it, e.g. `steps[2].run[0]`. Empty when the whole file is meant. */
    field: string;
    expected: string;
    actual: string;
    remedy: string;
  }) {
    const place = fault.field === '' ? fault.file : `${fault.file}: ${fault.field}`;
    super(`${place}: expected ${fault.expected}, found ${fault.actual}. ${fault.remedy}`);
    this.code = fault.code;
    this.file = fault.file;
    this.field = fault.field;
    this.expected = fault.expected;
    this.actual = fault.actual;
    this.remedy = fault.remedy;
  }
}
