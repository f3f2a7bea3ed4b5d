import { engineWords } from '../../text/index.ts';

/** Why WebContainers did not start, or went on no longer. */
export type FailureCode = keyof typeof engineWords.failures;

/** The message says what happened and what the reader can do about it. */
export class ContainerFailure extends Error {
  readonly code: FailureCode;
  override readonly name = 'ContainerFailure';

  /** `detail`: what the host itself said. */
  constructor(code: FailureCode, detail?: string) {
    const { what, remedy } = engineWords.failures[code];
    super([what, detail && `${engineWords.hostSaid} ${detail}`, remedy].filter(Boolean).join(' '));
    this.code = code;
  }
}
