import { protocolNames, readExtension, recordSizeLimit, repeatedExtension } from '../codec/extensions.ts';
import { encryptedExtensions } from '../codec/messages.ts';
import { decode } from '../codec/reader.ts';
import { ExtensionType, HandshakeType, spell } from '../codec/registries.ts';
import { bytesToText, DecodeError } from '../codec/wire.ts';
import type { State } from '../core.ts';
import { tlsError } from '../errors.ts';
import { expectCertificateOrRequest } from './certificate-request.ts';
import type { Client, KeysAgreed } from './context.ts';
import { expectFinished } from './finished.ts';
import { allowOnly } from './server-hello.ts';

/** Waits for the server's answers to what has nothing to do with keys. §4.3.1 */
export function expectEncryptedExtensions(client: Client, agreed: KeysAgreed): State {
  return {
    name: 'expectEncryptedExtensions',
    expects: [HandshakeType.encrypted_extensions],
    handle(message) {
      const { core, options } = client;
      const extensions = decode(encryptedExtensions, message.body, 'EncryptedExtensions');
      const twice = repeatedExtension(extensions);
      if (twice !== undefined) throw tlsError('duplicate-extension', { actual: spell(ExtensionType, twice) });
      allowOnly(extensions, agreed.offer, [
        ExtensionType.server_name,
        ExtensionType.supported_groups,
        ExtensionType.application_layer_protocol_negotiation,
        ExtensionType.record_size_limit,
      ]);
      const acknowledged = extensions.find(({ type }) => type === ExtensionType.server_name);
      if (acknowledged && acknowledged.data.length > 0)
        throw new DecodeError('server_name', 'nothing', `${acknowledged.data.length} bytes`);
      const limit = readExtension(extensions, ExtensionType.record_size_limit, recordSizeLimit);
      if (limit !== undefined) {
        if (limit < 64) throw tlsError('bad-record-size-limit', { actual: limit });
        core.outgoing.limitRecords(limit);
      }
      const names = readExtension(
        extensions,
        ExtensionType.application_layer_protocol_negotiation,
        protocolNames,
      );
      core.transcript.add(message.bytes);
      const terms = { ...agreed, alpn: chosenProtocol(names, options.alpn ?? []) };
      const { resumed } = agreed;
      if (!resumed) return expectCertificateOrRequest(client, terms);
      // §2.2: who knows the pre-shared key shows no certificate; the one it showed then still stands.
      const certificates = resumed.peerCertificates;
      return expectFinished(client, { ...terms, request: undefined, certificates, scheme: undefined });
    },
  };
}

/** RFC 7301 §3.1: exactly one name, and one of ours. */
export function chosenProtocol(
  names: readonly Uint8Array[] | undefined,
  offered: readonly string[],
): string | false {
  if (!names) return false;
  if (names.length !== 1) throw new DecodeError('protocol_name_list', 'one name', `${names.length}`);
  const name = bytesToText(names[0]);
  if (!offered.includes(name))
    throw tlsError('bad-application-protocol', { expected: offered, actual: name });
  return name;
}
