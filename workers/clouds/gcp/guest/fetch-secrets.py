"""Fetches the secrets of this machine at boot, with the machine's own identity.

usage: fetch-secrets.py CONFIG ROOT

CONFIG lists {"name", "version", "mode"}: the version is read by number, since "latest" is not consistent. Each key of a
secret becomes the file ROOT/<name>/<key>. A grant takes minutes to be known everywhere, so refusals are retried for a
quarter of an hour. Nothing that is secret is ever printed.
"""

import base64
import json
import os
import sys
import tempfile
import time
import urllib.error
import urllib.request

METADATA = os.environ.get("DATUM_METADATA_URL", "http://metadata.google.internal/computeMetadata/v1")
SECRETS = os.environ.get("DATUM_SECRETS_URL", "https://secretmanager.googleapis.com/v1")
DEADLINE_SECS = float(os.environ.get("DATUM_DEADLINE_SECS", "900"))
FIRST_PAUSE_SECS = float(os.environ.get("DATUM_PAUSE_SECS", "1"))
LONGEST_PAUSE_SECS = 15


def read(url, headers, method="GET", data=None):
    request = urllib.request.Request(url, headers=headers, method=method, data=data)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read()


def token():
    answer = read(METADATA + "/instance/service-accounts/default/token", {"Metadata-Flavor": "Google"})
    return json.loads(answer)["access_token"]


def fetch(version):
    answer = read(SECRETS + "/" + version + ":access", {"Authorization": "Bearer " + token()})
    payload = base64.b64decode(json.loads(answer)["payload"]["data"])
    return {key: base64.b64decode(value) for key, value in json.loads(payload).items()}


def fetch_in_time(version, deadline):
    pause = FIRST_PAUSE_SECS
    while True:
        try:
            return fetch(version)
        except (OSError, ValueError, KeyError) as error:
            if time.monotonic() + pause > deadline:
                raise SystemExit("datum: giving up on %s: %s" % (version, error))
            print("datum: %s is not readable yet: %s" % (version, error), file=sys.stderr)
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECS)


def write(folder, key, content, mode):
    if not key or "/" in key or key in (".", ".."):
        raise SystemExit("datum: a key cannot be a file name")
    handle, path = tempfile.mkstemp(dir=folder, prefix=".new-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        os.fchmod(file.fileno(), mode)
    os.replace(path, os.path.join(folder, key))


def report(state):
    try:
        read(METADATA + "/instance/guest-attributes/datum/secrets", {"Metadata-Flavor": "Google"}, "PUT", state.encode())
    except OSError as error:
        print("datum: the state cannot be reported: %s" % error, file=sys.stderr)


def main(config, root):
    deadline = time.monotonic() + DEADLINE_SECS
    with open(config, encoding="utf-8") as file:
        secrets = json.load(file)
    for secret in secrets:
        content = fetch_in_time(secret["version"], deadline)
        folder = os.path.join(root, secret["name"])
        os.makedirs(folder, mode=0o755, exist_ok=True)
        for key, value in content.items():
            write(folder, key, value, secret["mode"])
        for name in set(os.listdir(folder)) - set(content):
            os.unlink(os.path.join(folder, name))
    report("ready")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
