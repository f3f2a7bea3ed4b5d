/** What the browser and its network process say to each other: one JSON object a line, bytes in base64. */

export type HeaderList = [name: string, value: string][];

export interface WireRequest {
  id: number;
  method: string;
  url: string;
  headers: HeaderList;
  body?: string;
}

export type WireReply = {
  id: number;
  /** The server's chain, leaf first, DER; empty without TLS. */
  certificates: string[];
} & (
  | { status: number; statusText: string; headers: HeaderList; body: string }
  /** Chromium's name of the net error, and Node's code behind it. */
  | { error: string; code: string }
);
