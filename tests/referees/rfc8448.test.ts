/**
 * RFC 8448, "Example Handshake Traces for TLS 1.3": two connections, the second of which resumes the first. Given only the
 * private keys and what went over the wire, our key schedule, record protection and transcript must read every record
 * and find every Finished and binder right; and where nothing in a record is random, make the same bytes.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { binderOf, bindersLength } from '../../src/tls/binders.ts';
import { suiteOf } from '../../src/tls/cipher-suites.ts';
import { offeredPsks } from '../../src/tls/codec/extensions.ts';
import {
  CipherSuite,
  certificate,
  certificateVerify,
  clientHello,
  decode,
  ExtensionType,
  encryptedExtensions,
  finished,
  HandshakeType,
  hex,
  NamedGroup,
  newSessionTicket,
  readExtension,
  serverHello,
  serverKeyShare,
} from '../../src/tls/codec/index.ts';
import { HandshakeJoiner, type Message } from '../../src/tls/handshake-joiner.ts';
import { groupOf } from '../../src/tls/key-exchange.ts';
import { finishedMac, KeySchedule, recordKeys, ticketKey } from '../../src/tls/key-schedule.ts';
import { RecordProtection } from '../../src/tls/record-protection.ts';
import { checkSignature, schemeOf, signedContent } from '../../src/tls/signature-schemes.ts';
import { Transcript } from '../../src/tls/transcript.ts';
import { readCertificate } from '../../src/x509/index.ts';

type Bytes = string | readonly string[];
interface Trace {
  readonly clientPrivate: Bytes;
  readonly serverPrivate: Bytes;
  readonly records: Readonly<Record<string, Bytes>>;
}
const traces: { readonly simple: Trace; readonly resumed: Trace } = JSON.parse(
  readFileSync(new URL('rfc8448/traces.json', import.meta.url), 'utf8'),
);

const unhex = (text: Bytes) => Uint8Array.from(Buffer.from([text].flat().join(''), 'hex'));
const record = (trace: Trace, name: string) => unhex(trace.records[name]);
const body = (wire: Uint8Array) => wire.subarray(5);
const open = (keys: RecordProtection, wire: Uint8Array) => keys.open(wire.subarray(0, 5), body(wire));

const suite = suiteOf(CipherSuite.TLS_AES_128_GCM_SHA256);
const x25519 = groupOf(NamedGroup.x25519);
assert.ok(suite && x25519);
const { hash } = suite;

/** The handshake messages in a record's content, each whole. */
function messagesIn(content: Uint8Array): Message[] {
  const joiner = new HandshakeJoiner();
  joiner.add(content);
  const messages: Message[] = [];
  const every = Object.values(HandshakeType);
  for (let next = joiner.next(every, 'trace'); next; next = joiner.next(every, 'trace')) messages.push(next);
  assert.ok(joiner.isEmpty);
  return messages;
}

/** What client and server know after both hellos. */
function afterHellos(trace: Trace, preSharedKey?: Uint8Array) {
  assert.ok(suite && x25519);
  const [client, server] = [trace.clientPrivate, trace.serverPrivate].map((key) =>
    x25519.generate((target) => target.set(unhex(key))),
  );
  const hello = decode(serverHello, body(record(trace, 'serverHello')).subarray(4), 'ServerHello');
  const share = readExtension(hello.extensions ?? [], ExtensionType.key_share, serverKeyShare);
  assert.ok(share);
  const shared = x25519.agree(client, share.keyExchange);
  assert.equal(hex(share.keyExchange), hex(server.publicKey));
  assert.equal(hex(shared), hex(x25519.agree(server, client.publicKey)));
  const transcript = new Transcript();
  transcript.begin(hash);
  transcript.add(body(record(trace, 'clientHello')));
  transcript.add(body(record(trace, 'serverHello')));
  const schedule = new KeySchedule(hash, preSharedKey);
  schedule.enterHandshake(shared);
  const traffic = schedule.handshakeTraffic(transcript.hash());
  return {
    transcript,
    schedule,
    traffic,
    client: new RecordProtection(suite, traffic.client),
    server: new RecordProtection(suite, traffic.server),
  };
}

/** The content of Finished is right for all that came before it. */
function assertFinished(message: Message, secret: Uint8Array, transcript: Transcript): void {
  const verifyData = decode(finished, message.body, 'Finished');
  assert.equal(hex(verifyData), hex(finishedMac(hash, secret, transcript.hash())));
  transcript.add(message.bytes);
}

/** The server's encrypted flight, all in one record. */
function readFlight({ server }: ReturnType<typeof afterHellos>, trace: Trace): Message[] {
  return messagesIn(open(server, record(trace, 'serverFlight')).content);
}

/** The records that neither side could have made otherwise: sealed again they are the same bytes. */
function assertSameWhenSealed(trace: Trace, name: string, secret: Uint8Array, before: number): void {
  assert.ok(suite);
  const [reader, writer] = [new RecordProtection(suite, secret), new RecordProtection(suite, secret)];
  for (let index = 0; index < before; index++) {
    // Each record has its place in the sequence: what came before is read, or written, first.
    writer.seal(0, new Uint8Array());
  }
  const records = name.split(',');
  if (before > 0) open(reader, record(trace, 'newSessionTicket'));
  for (const each of records) {
    const wire = record(trace, each);
    const { type, content } = open(reader, wire);
    assert.equal(hex(writer.seal(type, content)), hex(wire), each);
  }
}

const { simple, resumed } = traces;

/** §3 to its end: gives what the client keeps of it. */
function simpleHandshake() {
  assert.ok(suite);
  const state = afterHellos(simple);
  const { transcript, schedule, traffic, client } = state;
  const [extensions, shown, proof, serverFinished] = readFlight(state, simple);
  transcript.add(extensions.bytes);
  transcript.add(shown.bytes);
  const { publicKey } = readCertificate(decode(certificate, shown.body, 'Certificate').entries[0].data);
  const { algorithm, signature } = decode(certificateVerify, proof.body, 'CertificateVerify');
  const scheme = schemeOf(algorithm);
  assert.ok(scheme && publicKey);
  assert.ok(checkSignature(scheme, publicKey, signedContent('server', transcript.hash()), signature));
  transcript.add(proof.bytes);
  assertFinished(serverFinished, traffic.server, transcript);
  schedule.enterMaster();
  const application = schedule.applicationTraffic(transcript.hash());
  const exporter = schedule.exporterMaster(transcript.hash());
  const [clientFinished] = messagesIn(open(client, record(simple, 'clientFinished')).content);
  assertFinished(clientFinished, traffic.client, transcript);
  const resumption = schedule.resumptionMaster(transcript.hash());
  const [given] = messagesIn(
    open(new RecordProtection(suite, application.server), record(simple, 'newSessionTicket')).content,
  );
  const ticket = decode(newSessionTicket, given.body, 'NewSessionTicket');
  return { traffic, application, exporter, resumption, ticket };
}

test('RFC 8448 §3: the values it prints for secrets and keys', () => {
  assert.ok(suite);
  const { traffic, application, exporter, resumption } = simpleHandshake();
  assert.equal(hex(traffic.client), 'b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21');
  assert.equal(hex(traffic.server), 'b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38');
  const { key, iv } = recordKeys(suite, traffic.server);
  assert.equal(hex(key), '3fce516009c21727d0f2e4e86ee403bc');
  assert.equal(hex(iv), '5d313eb2671276ee13000b30');
  assert.equal(hex(application.client), '9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5');
  assert.equal(hex(application.server), 'a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643');
  assert.equal(hex(exporter), 'fe22f881176eda18eb8f44529e6792c50c9a3f89452f68d8ae311b4309d3cf50');
  assert.equal(hex(resumption), '7df235f2031d2a051287d02b0241b0bfdaf86cc856231f2d5aba46c434ec196c');
});

test('RFC 8448 §3: records under application keys, read and made again', () => {
  const { application } = simpleHandshake();
  assertSameWhenSealed(simple, 'clientData,clientAlert', application.client, 0);
  assertSameWhenSealed(simple, 'serverData,serverAlert', application.server, 1);
});

test('RFC 8448 §4: the ticket of §3 resumes, with a binder that only who knows its key can make', () => {
  const { resumption, ticket } = simpleHandshake();
  const preSharedKey = ticketKey(hash, resumption, ticket.nonce);
  assert.equal(hex(preSharedKey), '4ecd0eb6ec3b4d87f5d6028f922ca4c5851a277fd41311c9e62d2c9492e1c4f3');
  const hello = body(record(resumed, 'clientHello'));
  const { extensions } = decode(clientHello, hello.subarray(4), 'ClientHello');
  const offer = readExtension(extensions ?? [], ExtensionType.pre_shared_key, offeredPsks);
  assert.ok(offer);
  assert.equal(hex(offer.identities[0].identity), hex(ticket.ticket));
  const truncated = hello.subarray(0, hello.length - bindersLength(offer.binders));
  assert.equal(hex(offer.binders[0]), hex(binderOf(hash, preSharedKey, new Transcript(), truncated)));

  const state = afterHellos(resumed, preSharedKey);
  const { transcript, schedule, traffic, client } = state;
  const [encrypted, serverFinished] = readFlight(state, resumed);
  decode(encryptedExtensions, encrypted.body, 'EncryptedExtensions');
  transcript.add(encrypted.bytes);
  assertFinished(serverFinished, traffic.server, transcript);
  schedule.enterMaster();
  const application = schedule.applicationTraffic(transcript.hash());
  // The client of the trace sends early data, which we do not; its end is a message of the transcript.
  transcript.add(Uint8Array.of(HandshakeType.end_of_early_data, 0, 0, 0));
  const [clientFinished] = messagesIn(open(client, record(resumed, 'clientFinished')).content);
  assertFinished(clientFinished, traffic.client, transcript);
  assertSameWhenSealed(resumed, 'clientData,clientAlert', application.client, 0);
  assertSameWhenSealed(resumed, 'serverData,serverAlert', application.server, 0);
});

test('a wrong bit anywhere in these records is seen', () => {
  assert.ok(suite);
  const { application } = simpleHandshake();
  const wire = record(simple, 'clientData');
  for (let at = 0; at < wire.length; at++) {
    const spoilt = Uint8Array.from(wire);
    spoilt[at] ^= 1;
    assert.throws(() => open(new RecordProtection(suite, application.client), spoilt), {
      reason: 'bad-record-mac',
    });
  }
});
