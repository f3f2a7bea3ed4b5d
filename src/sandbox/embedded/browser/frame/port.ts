import type { FrameRequest, FrameResponse, FromFrame, PaneContent, ToFrame } from '../messages.ts';

/** What the boot script of the frame leaves for this bundle. */
export interface Delivery {
  port: MessagePort;
  content: PaneContent;
}

/** The frame's only way to anybody. Taken off the global object before any script of the page runs. */
export type Post = (message: FromFrame) => void;

export interface Line {
  post: Post;
  ask(request: FrameRequest): Promise<FrameResponse>;
  on<Type extends ToFrame['type']>(
    type: Type,
    listener: (message: Extract<ToFrame, { type: Type }>) => void,
  ): void;
}

export function openLine(port: MessagePort): Line {
  const send = port.postMessage.bind(port);
  const waiting = new Map<number, (response: FrameResponse) => void>();
  const listeners: { [Type in ToFrame['type']]?: (message: never) => void } = {};
  let last = 0;
  port.onmessage = ({ data }: MessageEvent<ToFrame>) => {
    if (data.type === 'response') {
      waiting.get(data.id)?.(data.response);
      waiting.delete(data.id);
    } else listeners[data.type]?.(data as never);
  };
  return {
    post: (message) => send(message),
    ask(request) {
      const id = ++last;
      const { promise, resolve } = Promise.withResolvers<FrameResponse>();
      waiting.set(id, resolve);
      send({ type: 'request', id, request });
      return promise;
    },
    on(type, listener) {
      listeners[type] = listener;
    },
  };
}
