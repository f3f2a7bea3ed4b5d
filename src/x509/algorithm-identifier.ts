/** `AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }` (RFC 5280 §4.1.1.2), and what RSA-PSS puts in it. */
import {
  contextConstructed,
  type DerNode,
  expectTag,
  Fields,
  readNull,
  readObjectIdentifier,
  readSmallInteger,
  Tag,
  writeDer,
  writeInteger,
  writeNull,
  writeObjectIdentifier,
  writeSequence,
} from './der.ts';
import { X509Error } from './errors.ts';
import type { HashName } from './hashes.ts';
import { hashByOid, oidOfHash, oids } from './oids.ts';

export interface AlgorithmIdentifier {
  readonly oid: string;
  readonly parameters: DerNode | undefined;
  readonly bytes: Uint8Array;
}

export function readAlgorithmIdentifier(node: DerNode): AlgorithmIdentifier {
  const fields = new Fields(node);
  const oid = readObjectIdentifier(fields.take());
  const [parameters, excess] = fields.rest();
  if (excess) throw new X509Error('bad-der', 'an algorithm with two sets of parameters', excess.offset);
  if (parameters) checkParameters(parameters);
  return { oid, parameters, bytes: node.bytes };
}

/** No algorithm has parameters of another type: nothing, a curve, an initialisation vector, or a structure of its own. */
function checkParameters(node: DerNode): void {
  if (node.tag === Tag.null) readNull(node);
  else if (node.tag === Tag.objectIdentifier) readObjectIdentifier(node);
  else if (node.tag !== Tag.octetString) expectTag(node, Tag.sequence);
}

/** Parameters that must be absent or NULL, as for RSA PKCS#1 and the hash functions. */
export function hasNoParameters({ parameters }: AlgorithmIdentifier): boolean {
  return parameters === undefined || parameters.tag === Tag.null;
}

/** What an RSA-PSS signature was made with, or what a key restricted to RSA-PSS demands. RFC 4055 §3.1. */
export interface PssParameters {
  readonly hash: HashName;
  readonly mgfHash: HashName;
  readonly saltLength: number;
}

function readHash(node: DerNode): HashName {
  const identifier = readAlgorithmIdentifier(node);
  const hash = hashByOid(identifier.oid);
  if (!hash || !hasNoParameters(identifier)) {
    throw new X509Error('unsupported-algorithm', `RSA-PSS with the hash ${identifier.oid}`, node.offset);
  }
  return hash;
}

function readExplicit(node: DerNode | undefined): DerNode | undefined {
  if (!node) return undefined;
  const fields = new Fields(node, node.tag);
  const inner = fields.take();
  fields.end();
  return inner;
}

export function readPssParameters(node: DerNode): PssParameters {
  const fields = new Fields(node);
  const hashNode = readExplicit(fields.takeIf(contextConstructed(0)));
  const maskNode = readExplicit(fields.takeIf(contextConstructed(1)));
  const saltNode = readExplicit(fields.takeIf(contextConstructed(2)));
  const trailerNode = readExplicit(fields.takeIf(contextConstructed(3)));
  fields.end();
  let mgfHash: HashName = 'sha1';
  if (maskNode) {
    const mask = readAlgorithmIdentifier(maskNode);
    if (mask.oid !== oids.mgf1 || !mask.parameters) {
      throw new X509Error(
        'unsupported-algorithm',
        'RSA-PSS with a mask function other than MGF1',
        maskNode.offset,
      );
    }
    mgfHash = readHash(mask.parameters);
  }
  if (trailerNode && readSmallInteger(trailerNode) !== 1) {
    throw new X509Error(
      'unsupported-algorithm',
      'RSA-PSS with a trailer other than 0xbc',
      trailerNode.offset,
    );
  }
  return {
    hash: hashNode ? readHash(hashNode) : 'sha1',
    mgfHash,
    saltLength: saltNode ? readSmallInteger(saltNode) : 20,
  };
}

export function writeAlgorithmIdentifier(oid: string, parameters?: Uint8Array): Uint8Array {
  const identifier = writeObjectIdentifier(oid);
  return parameters ? writeSequence(identifier, parameters) : writeSequence(identifier);
}

/** DER leaves defaults out (X.690 §11.5): SHA-1, MGF1 with SHA-1, 20 bytes of salt. */
export function writePssParameters({ hash, mgfHash, saltLength }: PssParameters): Uint8Array {
  const hashIdentifier = (name: HashName) => writeAlgorithmIdentifier(oidOfHash(name), writeNull());
  const parts: Uint8Array[] = [];
  if (hash !== 'sha1') parts.push(writeDer(contextConstructed(0), hashIdentifier(hash)));
  if (mgfHash !== 'sha1') {
    parts.push(writeDer(contextConstructed(1), writeAlgorithmIdentifier(oids.mgf1, hashIdentifier(mgfHash))));
  }
  if (saltLength !== 20) parts.push(writeDer(contextConstructed(2), writeInteger(BigInt(saltLength))));
  return writeSequence(...parts);
}
