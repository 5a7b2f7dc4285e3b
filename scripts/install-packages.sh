#!/usr/bin/env bash
# Installs those of the named Debian packages that are missing, and says which; as root, or by sudo.
# Elsewhere than on Debian and its relatives it only says what is wanted.
set -euo pipefail

if ! command -v dpkg-query > /dev/null; then
  echo "This is no Debian; make sure that you have what these packages hold: $*"
  exit 0
fi

missing=()
for package in "$@"; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2> /dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  as_root=(sudo)
  if ! command -v sudo > /dev/null; then
    echo "Missing packages, and no sudo to install them with. As root, run:" >&2
    echo "  apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
fi

echo "Installing what is missing: ${missing[*]}"
"${as_root[@]}" apt-get update --quiet=2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install --option DPkg::Lock::Timeout=300 --yes --quiet=2 --no-install-recommends "${missing[@]}"
