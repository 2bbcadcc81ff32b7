#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# mkpki.sh DIR [N]: a throw-away CA, a server certificate for localhost and N client
# certificates (ECDSA P-256)
set -e
dir=$1
n=${2:-1}
mkdir -p "$dir"
cd "$dir"
openssl ecparam -name prime256v1 -genkey -noout -out ca.key
openssl req -x509 -new -key ca.key -subj "/O=Bench/CN=Bench CA" -days 30 -out ca.pem 2>/dev/null

issue() { # name, subject, extensions
	openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"
	openssl req -new -key "$1.key" -subj "$2" -out "$1.csr" 2>/dev/null
	printf '%s\n' "$3" >"$1.ext"
	openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 \
		-extfile "$1.ext" -out "$1.pem" 2>/dev/null
	rm -f "$1.csr" "$1.ext"
}

issue server "/CN=localhost" "subjectAltName=DNS:localhost,IP:127.0.0.1"
i=0
while [ "$i" -lt "$n" ]; do
	issue "client$i" "/O=Bench/CN=client$i" "extendedKeyUsage=clientAuth"
	i=$((i + 1))
done
