/** libuv's negative errno values on Linux, as Node's library expects them from its bindings. */
export const status = {
  ok: 0,
  brokenPipe: -32,
  invalid: -22,
  addressInUse: -98,
  addressNotAvailable: -99,
  networkUnreachable: -101,
  reset: -104,
  refused: -111,
  hostUnreachable: -113,
  canceled: -125,
  nameNotFound: -3008,
} as const;
