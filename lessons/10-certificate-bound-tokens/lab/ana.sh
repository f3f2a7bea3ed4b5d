#!/bin/sh
# Ana's browser, for your own machine: a Chromium with a fresh profile, which trusts Tally CA and finds the lab's hosts.
# All that it stores is gone when it closes. Needs certutil (Debian: apt-get install chromium libnss3-tools).
set -eu
cd "$(dirname "$0")"

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir -p "$home/.pki/nssdb"
certutil -d "sql:$home/.pki/nssdb" -N --empty-password
certutil -d "sql:$home/.pki/nssdb" -A -n 'Tally CA' -t C,, -i certificates/tally-ca.pem

# Each host of the lab has a loopback address of its own: 10.8.0.20 is 127.8.0.20 here. See network.mjs.
rules=$(node -p 'const { hosts } = JSON.parse(fs.readFileSync("package.json")).handfast;
  Object.entries(hosts).map(([name, address]) => `MAP ${name} ${address.replace(/^10/, "127")}`).join(",")')

HOME="$home" "${CHROMIUM:-chromium}" --host-resolver-rules="$rules" --no-first-run "$@"
