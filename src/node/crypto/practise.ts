/**
 * What a spare worker does while nobody needs it: evaluates Node's tls, and shakes hands with itself. The first
 * handshake of a program then finds tables computed and code compiled: it takes a third of the time.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import {
  curves,
  type PrivateKey,
  sign,
  verify,
  writeBitString,
  writeDer,
  writeInteger,
  writeObjectIdentifier,
  writeOctetString,
  writePem,
  writePrivateKey,
  writePublicKey,
  writeSequence,
} from '../../x509/index.ts';
import { Request } from '../bindings/async.ts';
import { SecureContext } from '../bindings/secure-context.ts';
import { type Item, kLastWriteWasAsync, StreamHandle, streamBaseState } from '../bindings/stream.ts';
import { TLSWrap } from '../bindings/tls-wrap.ts';
import { type Any, host } from '../current.ts';
import { randomBytes, withSource } from './environment.ts';
import { randomScalar } from './scalar.ts';

declare const require: (id: string) => Any;

// The platform's own, before a program's globals take their place.
const platformTimeout = globalThis.setTimeout.bind(globalThis);
const platformCrypto = globalThis.crypto;

/** Each lesson is a task of its own, so that a program which arrives in between waits for one at most; it also ends the practice. */
export function practise(rounds: number): void {
  let identities: Identities | undefined;
  const lessons = [
    () => require('node:tls'),
    () => {
      identities = makeIdentities();
    },
    ...new Array(rounds).fill(() => shakeHands(identities as Identities)),
    touchOtherCurves,
  ];
  const next = () => {
    const lesson = hasProgram() ? undefined : lessons.shift();
    if (!lesson) return;
    withSource(platform, lesson);
    platformTimeout(next, 0);
  };
  next();
}

function hasProgram(): boolean {
  try {
    host();
    return true;
  } catch {
    return false;
  }
}

export const platform = {
  random: (bytes: Uint8Array) => {
    platformCrypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);
  },
  now: () => Date.now(),
  keylog() {},
};

interface Identity {
  key: string;
  certificate: string;
}
interface Identities {
  authority: string;
  server: Identity;
  client: Identity;
}
function newKey(): PrivateKey {
  const curve = curves['P-256'];
  const secret = randomScalar(curve);
  const point = curve.ecdsa.getPublicKey(secret, false);
  return { kind: 'ec', curve: 'P-256', secret, publicKey: { kind: 'ec', curve: 'P-256', point } };
}

export function makeIdentities(): Identities {
  const authority = newKey();
  const issue = (name: string, usage: string): Identity => {
    const key = newKey();
    const extensions = [extension('2.5.29.37', writeSequence(writeObjectIdentifier(usage)))];
    const der = certificate(name, key, authority, extensions);
    return {
      key: writePem('PRIVATE KEY', writePrivateKey(key)),
      certificate: writePem('CERTIFICATE', der),
    };
  };
  const isAuthority = extension('2.5.29.19', writeSequence(Uint8Array.of(1, 1, 0xff)));
  return {
    authority: writePem('CERTIFICATE', certificate('Practice', authority, authority, [isAuthority])),
    server: issue('localhost', '1.3.6.1.5.5.7.3.1'),
    client: issue('client', '1.3.6.1.5.5.7.3.2'),
  };
}

const UTC_TIME = 0x17;
const UTF8_STRING = 0x0c;
const SET = 0x31;
const EXTENSIONS = 0xa3;
const VERSION = 0xa0;

const text = (tag: number, value: string) => writeDer(tag, new TextEncoder().encode(value));
const extension = (oid: string, value: Uint8Array) =>
  writeSequence(writeObjectIdentifier(oid), writeOctetString(value));

/** The least that a certificate can be, RFC 5280 §4.1; it is valid for all of this century's first half. */
function certificate(
  subject: string,
  key: PrivateKey,
  issuer: PrivateKey,
  extensions: Uint8Array[],
): Uint8Array {
  const name = (common: string) =>
    writeSequence(writeDer(SET, writeSequence(writeObjectIdentifier('2.5.4.3'), text(UTF8_STRING, common))));
  const algorithm = writeSequence(writeObjectIdentifier('1.2.840.10045.4.3.2'));
  const signed = writeSequence(
    writeDer(VERSION, writeInteger(2n)),
    writeInteger(1n),
    algorithm,
    name('Practice'),
    writeSequence(text(UTC_TIME, '000101000000Z'), text(UTC_TIME, '491231000000Z')),
    name(subject),
    writePublicKey(key.publicKey),
    writeDer(EXTENSIONS, writeSequence(...extensions)),
  );
  const signature = sign({ family: 'ecdsa', hash: 'sha256' }, issuer, signed, platform.random);
  return writeSequence(signed, algorithm, writeBitString(signature));
}

/** Ed25519 computes its tables on first use, as the others do; a handshake of ours does not need it. */
function touchOtherCurves(): void {
  const secret = randomBytes(32);
  const publicKey = { kind: 'ed25519', point: ed25519.getPublicKey(secret) } as const;
  const message = randomBytes(1);
  const signature = sign({ family: 'ed25519' }, { kind: 'ed25519', secret, publicKey }, message);
  verify({ family: 'ed25519' }, publicKey, message, signature);
}

/** A wire that carries nothing by itself: what is written lies in `sent` until somebody takes it. */
class Wire extends StreamHandle {
  readonly sent: { req: Request; bytes: Uint8Array }[] = [];

  override doWrite(req: Request, bytes: Uint8Array): number {
    this.sent.push({ req, bytes });
    streamBaseState[kLastWriteWasAsync] = 1;
    return 0;
  }
  override shutdown(): number {
    return 0;
  }
  override readStart(): number {
    return 0;
  }
  override readStop(): number {
    return 0;
  }
}

function contextOf({ key, certificate }: Identity, authority: string): SecureContext {
  const context = new SecureContext();
  context.init(undefined, 0x304, 0x304);
  context.addCACert(authority);
  context.setCert(certificate);
  context.setKey(key, undefined);
  return context;
}

/** A whole mutual handshake and a little data, through the objects that a program's connection uses. Says whether each believed the other. */
export function shakeHands({ authority, server, client }: Identities): boolean[] {
  const [near, far] = [new Wire(), new Wire()];
  const ends = [
    new TLSWrap(near, contextOf(client, authority), false, false),
    new TLSWrap(far, contextOf(server, authority), true, false),
  ];
  const believed: boolean[] = [];
  ends[1].setVerifyMode(true, true);
  ends[0].setServername('localhost');
  for (const end of ends) {
    end.onread = () => undefined;
    end.onhandshakedone = () => {
      believed.push(end.verifyError() === null);
      end.getPeerCertificate(true);
      end.getCipher();
      end.doWrite(new Request(), new Uint8Array(1000));
    };
  }
  ends[0].start();
  for (let moved = true; moved; ) {
    moved = false;
    for (const [from, to] of [
      [near, far],
      [far, near],
    ]) {
      for (const { req, bytes } of from.sent.splice(0)) {
        moved = true;
        to.deliver(bytes as Item);
        req.oncomplete?.(0);
      }
    }
  }
  for (const end of ends) end.destroySSL();
  return believed;
}
