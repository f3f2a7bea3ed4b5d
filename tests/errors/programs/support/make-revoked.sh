#!/bin/bash
# Makes revoked.pem: the revocation lists of the TLS tests' root and intermediate, the latter with the server `second` on
# it. Run by hand with OpenSSL 3 when tests/node/tls/fixtures/pki.json was made anew; the result is committed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
node -e '
  const fs = require("fs");
  const pki = JSON.parse(fs.readFileSync(process.argv[1], "utf8"));
  for (const name of ["root-ec.crt", "root-ec.key", "int-ec.crt", "int-ec.key", "second.crt"]) fs.writeFileSync(name, pki[name]);
' "$here/../../../node/tls/fixtures/pki.json"
printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ndefault_md=sha256\n' > ca.cnf
: > index.txt
openssl ca -config ca.cnf -gencrl -crldays 36500 -cert root-ec.crt -keyfile root-ec.key -out root.crl
openssl ca -config ca.cnf -revoke second.crt -crl_reason keyCompromise -cert int-ec.crt -keyfile int-ec.key 2> /dev/null
openssl ca -config ca.cnf -gencrl -crldays 36500 -cert int-ec.crt -keyfile int-ec.key -out int.crl
cat root.crl int.crl > "$here/revoked.pem"
