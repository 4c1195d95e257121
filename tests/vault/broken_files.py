"""Volumes that fail, and volumes that remember what was done to them."""

import errno
import io
import os
import random
import signal
from pathlib import Path

from postloan_archive.vault import RealFiles

DATA = bytes(range(256)) * 12_000  # three writes
OLD = b"a paper of last year"
STEPS = ("create", "write", "seal", "sync", "make_folder", "rename", "sync_folder")


class FailingFiles(RealFiles):
    """Raises an error at the n-th change, counted from 0, and does all others."""

    def __init__(self, fail_at, number=errno.ENOSPC):
        self.fail_at, self.number, self.count = fail_at, number, 0

    def step(self, _name, *_facts):
        self.count += 1
        if self.count - 1 == self.fail_at:
            raise OSError(self.number, os.strerror(self.number))


class KillingFiles(FailingFiles):
    """Kills its own process at the n-th change."""

    def step(self, _name, *_facts):
        self.count += 1
        if self.count - 1 == self.fail_at:
            os.kill(os.getpid(), signal.SIGKILL)


def _watched(name):
    def method(self, *args):
        self.step(name, *args)
        return getattr(RealFiles, name)(self, *args)

    return method


for _name in STEPS:
    setattr(FailingFiles, _name, _watched(_name))


class UnreadableFiles(RealFiles):
    """Opens, but an I/O error comes while reading."""

    def open(self, path):
        class Broken(io.RawIOBase):
            def readable(self):
                return True

            def readinto(self, _buffer):
                raise OSError(errno.EIO, os.strerror(errno.EIO))

        del path
        return io.BufferedReader(Broken())


class RecordingFiles(RealFiles):
    """Does everything and writes down what was done, for `Medium` to replay."""

    def __init__(self):
        self.log = []
        self._paths = {}

    def create(self, path):
        descriptor = super().create(path)
        self._paths[descriptor] = path
        self.log.append(("create", path))
        return descriptor

    def write(self, descriptor, data):
        super().write(descriptor, data)
        self.log.append(("write", self._paths[descriptor], bytes(data)))

    def sync(self, descriptor):
        super().sync(descriptor)
        self.log.append(("sync", self._paths[descriptor]))

    def make_folder(self, path):
        new = super().make_folder(path)
        if new:
            self.log.append(("make_folder", path))
        return new

    def rename(self, source, target):
        super().rename(source, target)
        self.log.append(("rename", source, target))

    def sync_folder(self, path):
        super().sync_folder(path)
        self.log.append(("sync_folder", path))

    def remove(self, path):
        super().remove(path)
        self.log.append(("remove", path))


class Medium:
    """What a power cut leaves: synced bytes and names for certain, of the rest anything.

    Bytes that were not synced may be gone, whole or cut at 512; each name that was not synced
    may be there or not, whatever came later.
    """

    def __init__(self, root):
        self.folders = {root, root / "tmp", root / "quarantine"}
        self.names = {}  # path -> number of the file
        self.written = []  # bytes of each file as the program sees them
        self.synced = []  # as the medium has them for certain
        self.safe_names = {}
        self.safe_folders = set(self.folders)

    def apply(self, operation, *facts):
        if operation == "create":
            self.names[facts[0]] = len(self.written)
            self.written.append(b"")
            self.synced.append(b"")
        elif operation == "write":
            self.written[self.names[facts[0]]] += facts[1]
        elif operation == "sync":
            number = self.names[facts[0]]
            self.synced[number] = self.written[number]
        elif operation == "make_folder":
            self.folders.add(facts[0])
        elif operation == "rename":
            self.names[facts[1]] = self.names.pop(facts[0])
        elif operation == "remove":
            del self.names[facts[0]]
        else:
            self._sync_folder(facts[0])

    def _sync_folder(self, folder):
        self.safe_folders |= {one for one in self.folders if one.parent == folder}
        for path in {*self.names, *self.safe_names}:
            if path.parent != folder:
                continue
            if path in self.names:
                self.safe_names[path] = self.names[path]
            else:
                del self.safe_names[path]

    def after_power_cut(self, chance: random.Random) -> dict[Path, bytes]:
        """Return one possible state: path -> bytes."""
        keep = chance.choice((0.0, 0.5, 1.0))
        folders = {
            one for one in self.folders if one in self.safe_folders or chance.random() < keep
        }
        state = {}
        for path in {*self.names, *self.safe_names}:
            now, safe = self.names.get(path), self.safe_names.get(path)
            number = now if now == safe or chance.random() < keep else safe
            if number is None or not {path.parent, path.parent.parent} & folders:
                continue
            if any(one in self.folders - folders for one in path.parents):
                continue
            written, synced = self.written[number], self.synced[number]
            if written != synced and chance.random() < keep:
                cut = chance.randrange(0, len(written) + 1, 512)
                synced = written[:cut]
            state[path] = synced
        return state
