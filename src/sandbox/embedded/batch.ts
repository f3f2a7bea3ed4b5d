/** Collects messages for one port and sends them together, in order; the bytes they carry change hands, uncopied. */
export interface Batch<Message> {
  add(message: Message): void;
  flush(): void;
}

/**
 * `bytes` alone in its buffer, so that it can be transferred: posting a view of a larger buffer (Node's pool, say)
 * would copy or give away all of that buffer.
 */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}

export function createBatch<Message extends object>(
  post: (messages: Message[], transfer: Transferable[]) => void,
): Batch<Message> {
  let messages: Message[] = [];
  let transfer: Transferable[] = [];
  return {
    add(message) {
      if ('bytes' in message && message.bytes instanceof Uint8Array) {
        message.bytes = ownBytes(message.bytes);
        const { buffer } = message.bytes as Uint8Array<ArrayBuffer>;
        if (buffer.byteLength > 0 && !transfer.includes(buffer)) transfer.push(buffer);
      }
      messages.push(message);
    },
    flush() {
      if (messages.length === 0) return;
      const [full, given] = [messages, transfer];
      messages = [];
      transfer = [];
      post(full, given);
    },
  };
}
