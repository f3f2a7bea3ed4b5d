import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { extensions, general, issue, makeKey, name, usages } from '../../support/pki.ts';

const FOLDER = path.resolve(import.meta.dirname, '../browser-lab');

export const webHosts = {
  'app.tally.example': '10.0.0.10',
  'api.tally.example': '10.0.0.20',
  'mallory.example': '10.0.0.30',
  'ana.example': '10.0.0.40',
};

/** The files of the lab that the browser's tests visit: its servers, and certificates good and bad. */
export function webLabFiles(): Record<string, string> {
  const files: Record<string, string> = {};
  for (const file of readdirSync(FOLDER)) files[file] = readFileSync(path.join(FOLDER, file), 'utf8');
  const authority = (label: string) =>
    issue({
      subject: name(`CN=${label}`),
      key: makeKey('ec', label),
      extensions: [extensions.authority(), extensions.keyUsage('keyCertSign', 'cRLSign')],
    });
  const trusted = authority('Trusted');
  const foreign = authority('Foreign');
  const leaf = (file: string, host: string, issuer = trusted, notAfter?: Date) => {
    const issued = issue({
      subject: name(`CN=${host}`),
      key: makeKey('ec', file),
      issuer,
      notBefore: new Date(Date.now() - 48 * 3600 * 1000),
      notAfter,
      extensions: [
        extensions.endEntity(),
        extensions.keyUsage('digitalSignature'),
        extensions.extendedKeyUsage(usages.server),
        extensions.names(general.dns(host)),
      ],
    });
    files[`${file}.pem`] = issued.pem;
    files[`${file}.key`] = issued.keyPem;
  };
  for (const host of Object.keys(webHosts)) leaf(host, host);
  leaf('foreign', 'api.tally.example', foreign);
  leaf('misnamed', 'www.tally.example');
  leaf('expired', 'api.tally.example', trusted, new Date(Date.now() - 3600 * 1000));
  files['trusted.pem'] = trusted.pem;
  return files;
}
