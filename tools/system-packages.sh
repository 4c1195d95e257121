#!/bin/sh
# Installs the system packages that the demonstration profits from, where that is possible.
# SYSTEM=0 leaves the machine alone. Nothing here is needed to start: without LibreOffice the
# product works on and says what is missing.
set -u
PACKAGES="libreoffice-writer-nogui fonts-noto-cjk fonts-wqy-zenhei libgl1 libglib2.0-0"
missing=""
command -v soffice >/dev/null 2>&1 || missing="$missing libreoffice-writer-nogui"
if command -v dpkg-query >/dev/null 2>&1; then
  for package in fonts-noto-cjk fonts-wqy-zenhei libgl1 libglib2.0-0; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
      missing="$missing $package"
  done
fi
[ -n "$missing" ] || exit 0
if [ "${SYSTEM:-1}" = 0 ]; then
  echo "SYSTEM=0: not installing$missing; Word to PDF or Chinese fonts may be missing." >&2
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "Not Debian or Ubuntu: install LibreOffice and a Chinese font yourself, for instance" >&2
  echo "  brew install --cask libreoffice" >&2
  echo "Going on without Word to PDF." >&2
  exit 0
fi
if [ "$(id -u)" = 0 ]; then run=""; elif sudo -n true 2>/dev/null; then run="sudo"; else
  echo "Not root: run   sudo apt-get install -y --no-install-recommends $PACKAGES" >&2
  echo "Going on without what is missing:$missing" >&2
  exit 0
fi
echo "Installing system packages:$missing" >&2
$run apt-get update -qq >/dev/null 2>&1
DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends $missing \
  >/dev/null 2>&1 || echo "Could not install$missing; going on without." >&2
