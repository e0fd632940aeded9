"""Keeps a few child processes alive, and lets none of them outlive it.

Children are forked, not started anew: everything is imported once, so a start takes seconds
less and their memory is shared.
"""

import ctypes
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
BACK_OFF = (0.5, 1, 2, 5, 10, 30)  # seconds before the next start of a child that keeps dying
STEADY = 30  # seconds after which a child's earlier deaths are forgotten
PATIENCE = 6  # seconds to end in peace
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Private(Protocol):
    def close(self) -> None: ...


@dataclass
class Child:
    name: str
    work: Callable[[], object]
    log: Path
    keep: Private | None = None  # what it needs of the parent's
    end_by: int = signal.SIGTERM
    orphaned_by: int = signal.SIGTERM  # what it gets when its parent is gone
    pid: int = 0  # 0: not running
    started_at: float = 0.0
    start_at: float = 0.0
    deaths: int = 0

    def start(self, private: Sequence[Private]) -> None:
        parent = os.getpid()
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            self._be_the_child(parent, private)
        self.started_at = time.monotonic()

    def _be_the_child(self, parent: int, private: Sequence[Private]) -> None:
        code = 1
        try:
            self._die_with(parent)
            self._leave_the_terminal()
            for thing in private:
                if thing is not self.keep:
                    thing.close()
            self.work()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _die_with(self, parent: int) -> None:
        """Even a supervisor killed by -9 takes its children along (Linux)."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, self.orphaned_by)
            _libc.prctl(PR_SET_NAME, self.name.encode())
        if os.getppid() != parent:
            os._exit(0)

    def _leave_the_terminal(self) -> None:
        log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for ours, standard in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(ours, standard)
        os.close(nothing)
        os.close(log)

    def ended(self) -> int | None:
        """The exit code (minus the signal's number) once it has ended."""
        if not self.pid:
            return None
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if pid else None

    def bury(self, now: float) -> float:
        """Notes the death; returns the seconds until the next start."""
        if now - self.started_at > STEADY:
            self.deaths = 0
        wait = BACK_OFF[min(self.deaths, len(BACK_OFF) - 1)]
        self.deaths += 1
        self.pid, self.start_at = 0, now + wait
        return wait


class Supervisor:
    """`private` are the parent's lock and port: a child that kept them would keep them taken."""

    def __init__(self, say: Callable[[str], None], private: Sequence[Private] = ()) -> None:
        self.private = private
        self.pid = os.getpid()
        self.children: list[Child] = []
        self.say = say
        self.at_end: Callable[[], None] = lambda: None

    def __enter__(self) -> "Supervisor":
        """From now on SIGTERM, SIGINT and a closed terminal end everything in order."""
        for number in SIGNALS:
            signal.signal(number, self._leave)
        return self

    def __exit__(self, *error: object) -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)  # asked twice is not asked for disorder
        self.stop()

    def _leave(self, number: int, frame: object) -> None:
        if os.getpid() != self.pid:
            os._exit(0)  # a child so young that it still has its parent's handlers
        raise SystemExit(0)

    def add(self, child: Child) -> None:
        self.children.append(child)
        child.start(self.private)

    def tend(self) -> None:
        """One look at everybody: who died is started again, later each time."""
        now = time.monotonic()
        for child in self.children:
            if not child.pid and now >= child.start_at:
                child.start(self.private)
            elif (code := child.ended()) is not None:
                wait = child.bury(now)
                self.say(f"  {child.name} ended ({code}), again in {wait:g} s; see {child.log}")

    def run(self) -> None:
        while True:
            self.tend()
            time.sleep(0.2)

    def stop(self) -> None:
        """The broker, started first, goes last: the others give their work back to it."""
        self._end(self.children[1:])
        self._end(self.children[:1])
        self.at_end()

    def _end(self, group: list[Child]) -> None:
        living = [child for child in group if child.pid]
        for child in living:
            os.kill(child.pid, child.end_by)
        deadline = time.monotonic() + PATIENCE
        while living and time.monotonic() < deadline:
            living = [child for child in living if child.ended() is None]
            time.sleep(0.05)
        for child in living:
            os.kill(child.pid, signal.SIGKILL)
