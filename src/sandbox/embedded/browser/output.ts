/** A stream of lines that anybody may write to, read or not. */
export function createOutput(): { stream: ReadableStream<string>; write(text: string): void; close(): void } {
  let controller: ReadableStreamDefaultController<string>;
  let isOpen = true;
  const stream = new ReadableStream<string>({
    start(given) {
      controller = given;
    },
    cancel() {
      isOpen = false;
    },
  });
  return {
    stream,
    write(text) {
      if (isOpen) controller.enqueue(text);
    },
    close() {
      if (isOpen) controller.close();
      isOpen = false;
    },
  };
}
