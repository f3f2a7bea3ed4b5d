import { arrowOf, drawArrow } from './arrows.ts';
import { originOf } from './stack.ts';

/** What Node prints on standard error for an error nobody caught, without the version line that ends it. */
export function formatUncaught(error: unknown, _origin: 'uncaughtException' | 'unhandledRejection'): string {
  let text = arrowOf(error);
  if (text === undefined) {
    const frame = originOf(error);
    text = frame
      ? `${drawArrow(frame.file.name, frame.file.source, frame.getLineNumber(), frame.getColumnNumber())}\n`
      : '';
  }
  return `${text}${error instanceof Error ? error.stack : String(error)}\n`;
}
