"""Keeps this machine as its metadata says: disks, files of config maps and secrets, links, and the pod.

usage: guest.py boot | watch

`boot` does everything once, in the order in which one thing needs another, and the pod last. `watch` waits for the metadata
to change and does it again. Secrets are read by the number of their version, with the machine's own identity; a grant takes
minutes to be known everywhere, so refusals are retried for a quarter of an hour at boot and for ever afterwards, and what was
there stays until then. Nothing that is secret is ever printed.
"""

import base64
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request

METADATA = os.environ.get("DATUM_METADATA_URL", "http://metadata.google.internal/computeMetadata/v1")
SECRETS = os.environ.get("DATUM_SECRETS_URL", "https://secretmanager.googleapis.com/v1")
ROOT = os.environ.get("DATUM_ROOT", "")
DEADLINE_SECS = float(os.environ.get("DATUM_DEADLINE_SECS", "900"))
FIRST_PAUSE_SECS = float(os.environ.get("DATUM_PAUSE_SECS", "1"))
LONGEST_PAUSE_SECS = 15
WAIT_SECS = int(os.environ.get("DATUM_WAIT_SECS", "300"))
STATE = "/var/lib/datum/state.json"
KUBELET_LOGINS = "/var/lib/kubelet/config.json"


class Trouble(Exception):
    """Something that may be over when it is tried again."""


def call(url, headers, method="GET", data=None, timeout=20):
    request = urllib.request.Request(url, headers=headers, method=method, data=data)
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        return answer.read(), answer.headers.get("ETag")


def metadata(path, timeout=20):
    return call(METADATA + path, {"Metadata-Flavor": "Google"}, timeout=timeout)


def document(etag=None, wait_secs=WAIT_SECS):
    """What the machine is to be like; with an etag it waits until that is another one, or so long."""
    wait = "" if etag is None else "&wait_for_change=true&last_etag=%s&timeout_sec=%d" % (etag, wait_secs)
    text, found = metadata("/instance/attributes/datum-guest?alt=text" + wait, 20 if etag is None else wait_secs + 30)
    return json.loads(text), found


def read_version(version):
    token = json.loads(metadata("/instance/service-accounts/default/token")[0])["access_token"]
    answer, _ = call(SECRETS + "/" + version + ":access", {"Authorization": "Bearer " + token})
    return base64.b64decode(json.loads(answer)["payload"]["data"])


def decoded(content):
    return {key: base64.b64decode(value) for key, value in content.items()}


def fetch(version):
    return decoded(json.loads(read_version(version)))


def inside(folder, path):
    """The path of a file below a folder; one that leads out of it is no path."""
    parts = path.split("/")
    if not path or any(part in ("", ".", "..") for part in parts):
        raise SystemExit("datum: a key cannot be a file name")
    return os.path.join(ROOT + folder, *parts)


def write(path, content, mode):
    """The file is there as a whole or not at all, and never readable by more than it should be."""
    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o755, exist_ok=True)
    handle, new = tempfile.mkstemp(dir=folder, prefix=".new-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        os.fchmod(file.fileno(), mode)
    os.replace(new, path)


def write_changed(path, content, mode):
    try:
        with open(path, "rb") as file:
            if file.read() == content and os.fstat(file.fileno()).st_mode & 0o777 == mode:
                return
    except OSError:
        pass
    write(path, content, mode)


def fill(volume, contents):
    """Writes the files of a volume, and takes away those that are no longer among them."""
    folder, kept = volume["folder"], set()
    os.makedirs(ROOT + folder, mode=0o755, exist_ok=True)
    for item in volume["items"] if volume.get("items") is not None else [{"key": key, "path": key} for key in contents]:
        if item["key"] not in contents:
            continue
        path = inside(folder, item["path"])
        write_changed(path, contents[item["key"]], item.get("mode", volume["mode"]))
        kept.add(path)
    clear(ROOT + folder, kept)


def clear(folder, kept):
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            if path not in kept:
                os.unlink(path)


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        raise Trouble("%s: %s" % (" ".join(command), done.stdout.decode(errors="replace").strip()))


def mount(disk):
    """A file system is made on a disk that has none; one that has grown is filled."""
    device, folder = ROOT + "/dev/disk/by-id/google-" + disk["device"], ROOT + disk["path"]
    if not os.path.exists(device):
        raise Trouble("disk %s is not attached yet" % disk["device"])
    if subprocess.run(["blkid", device], stdout=subprocess.DEVNULL, check=False).returncode == 2:
        run("mkfs.ext4", "-q", "-F", device)
    if not os.path.ismount(folder):
        os.makedirs(folder, mode=0o755, exist_ok=True)
        run("mount", device, folder)
    run("resize2fs", device)


def link(target, path):
    target, path = ROOT + target, ROOT + path
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.lexists(path) and not os.path.islink(path):
        print("datum: %s exists; the volume is not linked there" % path, file=sys.stderr)
        return
    new = path + ".new"
    if os.path.lexists(new):
        os.unlink(new)
    os.symlink(target, new)
    os.replace(new, path)


def environment(pod, secrets):
    """The pod with the values of variables that come from secrets."""
    for container in pod["spec"]["containers"]:
        variables = []
        for variable in container.get("env", []):
            source = variable.get("fromSecret")
            if source is None:
                variables.append(variable)
            elif source["key"] in secrets[source["version"]]:
                value = secrets[source["version"]][source["key"]].decode("utf-8", errors="replace")
                variables.append({"name": variable["name"], "value": value})
        if variables:
            container["env"] = variables
    return pod


def registries(sources, secrets):
    """What the kubelet reads to pull images; of two entries for one registry the first counts."""
    merged = {}
    for source in sources:
        try:
            found = json.loads(secrets[source["version"]][source["key"]])
            entries = found["auths"] if source["key"] == ".dockerconfigjson" else found
            for registry, entry in entries.items():
                merged.setdefault(registry, entry)
        except (ValueError, KeyError, TypeError, AttributeError):
            # The images may be there for everybody; if not, the kubelet says so.
            print("datum: a secret for pulling images is not as docker writes it", file=sys.stderr)
    return json.dumps({"auths": merged}, sort_keys=True).encode()


def remembered():
    try:
        with open(ROOT + STATE, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return {"folders": [], "mounts": []}


def apply(wanted, cache):
    for disk in wanted["disks"]:
        mount(disk)
    # All secrets are there before any of them is used.
    secrets = {version: cache.get(version) or fetch(version) for version in wanted["versions"]}
    paths = [path for volume in wanted["configMaps"] for path in volume.get("parts", [])]
    parts = {path: cache.get(path) or read_version(path) for path in paths}
    cache.clear()
    cache.update(secrets)
    cache.update(parts)
    for volume in wanted["configMaps"]:
        if "parts" in volume:
            packed = b"".join(parts[path] for path in volume["parts"])
            fill(volume, decoded(json.loads(gzip.decompress(packed))))
        else:
            fill(volume, decoded(volume["content"]))
    for volume in wanted["secrets"]:
        fill(volume, secrets[volume["version"]])
    for entry in wanted["links"]:
        link(entry["target"], entry["path"])
    before, sources = remembered(), wanted.get("pullSecrets", [])
    if sources:
        write_changed(ROOT + KUBELET_LOGINS, registries(sources, secrets), 0o600)
    elif before.get("logins") and os.path.exists(ROOT + KUBELET_LOGINS):
        os.unlink(ROOT + KUBELET_LOGINS)
    if wanted.get("pod") is not None:
        text = json.dumps(environment(wanted["pod"], secrets), sort_keys=True, indent=1)
        write_changed(ROOT + "/etc/kubernetes/manifests/instance.yaml", text.encode(), 0o600)
    folders = [volume["folder"] for volume in wanted["configMaps"] + wanted["secrets"]]
    mounts = [disk["path"] for disk in wanted["disks"]]
    for folder in set(before["folders"]) - set(folders):
        clear(ROOT + folder, set())
    for folder in set(before["mounts"]) - set(mounts):
        subprocess.run(["umount", ROOT + folder], check=False)
    write(ROOT + STATE, json.dumps({"folders": folders, "mounts": mounts, "logins": bool(sources)}).encode(), 0o600)


def report(key, value):
    try:
        url = METADATA + "/instance/guest-attributes/datum/" + key
        call(url, {"Metadata-Flavor": "Google"}, "PUT", value.encode())
    except OSError as error:
        print("datum: the state cannot be reported: %s" % error, file=sys.stderr)


def attempt(wanted, cache):
    """Whether it is done; says why not, without anything that is secret."""
    try:
        apply(wanted, cache)
    except (OSError, ValueError, KeyError, Trouble) as error:
        print("datum: not done yet: %s" % error, file=sys.stderr)
        return False
    report("secrets", "ready")
    report("applied", wanted["hash"])
    print("datum: everything is there", file=sys.stderr)
    return True


def boot():
    deadline, pause = time.monotonic() + DEADLINE_SECS, FIRST_PAUSE_SECS
    while True:
        try:
            wanted, _ = document()
        except (OSError, ValueError) as error:
            print("datum: the metadata server does not answer: %s" % error, file=sys.stderr)
            wanted = None
        if wanted is not None and attempt(wanted, {}):
            return
        if time.monotonic() + pause > deadline:
            report("secrets", "failed")
            raise SystemExit("datum: giving up; what the machine needs is not there")
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECS)


def all_run(pod):
    """Whether all containers of the pod run; None where that cannot be told."""
    try:
        listed = subprocess.run(
            ["crictl", "ps", "--state", "running", "-o", "json"], stdout=subprocess.PIPE, timeout=20, check=True
        )
        names = {container["metadata"]["name"] for container in json.loads(listed.stdout)["containers"]}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, subprocess.SubprocessError):
        return False
    return all(container["name"] in names for container in pod["spec"]["containers"])


def watch():
    etag, applied, cache, pause, runs = None, None, {}, FIRST_PAUSE_SECS, None
    while True:
        try:
            # The kubelet says on the console what keeps a container from running, but not that it runs at last.
            wanted, etag = document(etag if applied is not None else None, LONGEST_PAUSE_SECS if runs is False else WAIT_SECS)
            if wanted["hash"] != applied:
                applied, runs = (wanted["hash"] if attempt(wanted, cache) else None), None
            if applied is not None:
                before, runs = runs, all_run(wanted["pod"]) if wanted.get("pod") is not None else None
                if runs and not before:
                    print("datum: all containers run", file=sys.stderr)
                pause = FIRST_PAUSE_SECS
                continue
        except (OSError, ValueError, KeyError) as error:
            print("datum: %s" % error, file=sys.stderr)
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECS)


if __name__ == "__main__":
    {"boot": boot, "watch": watch}[sys.argv[1]]()
