/**
 * Evaluated before the runtime's loop, whose turns come by a MessageChannel: an open one would keep a real Node.js alive
 * for ever, and its immediates keep it alive for exactly as long as there is a turn to come.
 */
const { MessageChannel, setImmediate } = globalThis;

type Heard = (event: { data: unknown }) => void;

/** Called after each turn. */
export const afterTurn: { call: () => void } = { call: () => {} };

// No class: the build would have its name kept, by a module that brings in the loop.
const turns = () => {
  const port1: { onmessage: Heard | null } = { onmessage: null };
  const postMessage = (data: unknown) => {
    setImmediate(() => {
      port1.onmessage?.({ data });
      afterTurn.call();
    });
  };
  return { port1, port2: { postMessage } };
};

Object.assign(globalThis, {
  MessageChannel: function MessageChannel() {
    return turns();
  },
});

export function restoreMessageChannel(): void {
  Object.assign(globalThis, { MessageChannel });
}
