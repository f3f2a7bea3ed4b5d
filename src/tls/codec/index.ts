/** The door of the codec: what the wire view may use of `src/tls`. */
export { Annotator, hex, type Note } from './annotator.ts';
export { codecOf } from './contents.ts';
export {
  type DescribeContext,
  type Described,
  describeAlert,
  describeChangeCipherSpec,
  describeMessage,
  describeRecordHeader,
  messageName,
} from './describe.ts';
export * from './extensions.ts';
export * from './messages.ts';
export { decode, Reader } from './reader.ts';
export * from './registries.ts';
export * from './tls12-messages.ts';
export {
  type Bounds,
  bytesToText,
  type Codec,
  type Content,
  DecodeError,
  type Format,
  textToBytes,
  type Wire,
} from './wire.ts';
export { encode, Writer } from './writer.ts';
