#!/bin/sh
# Makes every certificate and key of this lab. Needs OpenSSL 3. Run it only to make new ones: those here last until 2049.
# The authorities' own keys are thrown away at the end, so nobody can issue a certificate that these labs would trust.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch "$work/index.txt"
echo unique_subject = no > "$work/index.txt.attr"

# authority NAME COMMON-NAME ORGANISATION: a self-signed root that may sign certificates and nothing else.
authority() {
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/$1.key" -out "$work/$1.csr" -subj "/O=$3/CN=$2"
  sign "$1" "$1" -selfsign "basicConstraints=critical,CA:TRUE" "keyUsage=critical,keyCertSign,cRLSign"
}

# certificate NAME AUTHORITY COMMON-NAME ORGANISATION USE: a leaf, with the host's name as subject alternative name.
certificate() {
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/$1.key" -out "$work/$1.csr" -subj "/O=$4/CN=$3"
  sign "$1" "$2" "" "basicConstraints=critical,CA:FALSE" "keyUsage=critical,digitalSignature" \
    "extendedKeyUsage=$5" "subjectAltName=DNS:$3" "authorityKeyIdentifier=keyid"
  {
    echo "For this lab only: this private key is in every copy of the lesson, so it protects nothing."
    cat "$work/$1.key"
  } > "$1.key.pem"
}

# sign NAME AUTHORITY -selfsign|"" EXTENSION…
sign() {
  name=$1 authority=$2 selfsign=$3
  shift 3
  {
    echo '[ca]'
    echo 'default_ca = lab'
    echo '[lab]'
    echo "database = $work/index.txt"
    echo "new_certs_dir = $work"
    echo 'default_md = sha256'
    echo 'policy = any'
    echo 'rand_serial = yes'
    echo 'x509_extensions = extensions'
    echo '[any]'
    echo 'organizationName = supplied'
    echo 'commonName = supplied'
    echo '[extensions]'
    echo 'subjectKeyIdentifier = hash'
    printf '%s\n' "$@"
  } > "$work/$name.conf"
  openssl ca -batch -notext -preserveDN -config "$work/$name.conf" -startdate 20200101000000Z -enddate 20491231235959Z \
    ${selfsign:--cert "$authority.pem"} -keyfile "$work/$authority.key" -in "$work/$name.csr" -out "$name.pem"
}

authority tally-ca "Tally CA" Tally
certificate ledger tally-ca ledger.tally.example Tally serverAuth
certificate app tally-ca app.tally.example Tally clientAuth
certificate report tally-ca report.tally.example Tally clientAuth

# Mallory needs nobody's leave to found an authority, to call it what she likes, or to write the app's name into a
# certificate. Her authority's own certificate is of no use to anyone here.
authority mallory-ca "Tally CA" Tally
certificate mallory mallory-ca app.tally.example Tally clientAuth
rm mallory-ca.pem
