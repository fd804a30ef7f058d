#!/usr/bin/env bash
# Makes sure that there is a Chromium for tests/browser: Debian's where we may install it, else Playwright's own.
set -euo pipefail
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "Installing Chromium…"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-lato fonts-noto-color-emoji >/dev/null
else
  echo "Without the right to install packages, Playwright brings its own Chromium…"
  .venv/bin/playwright install chromium
fi
