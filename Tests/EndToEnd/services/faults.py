"""Ways in which a server can be lost, and how each ends."""

import os
import signal
from dataclasses import dataclass
from typing import Protocol

from services.conftest import Setting


class Fault(Protocol):
    def inflict(self) -> None: ...

    def heal(self) -> None: ...


@dataclass
class OfProgram:
    """To a server that is reached over HTTP."""

    setting: Setting
    name: str

    def __post_init__(self):
        self.program = self.setting.environment.services[self.name].program
        self.forwarder = self.setting.forwarders[self.name]

    def heal(self) -> None:
        """Most need nothing."""


class Killed(OfProgram):
    def inflict(self):
        self.program.kill()

    def heal(self):
        self.program.start()
        self.program.wait_until_open()


class Restarted(OfProgram):
    """As an update does it: ended in order, and there again."""

    def inflict(self):
        self.program.stop()
        self.program.start()
        self.program.wait_until_open()


class Paused(OfProgram):
    def inflict(self):
        self.program.signal(signal.SIGSTOP)

    def heal(self):
        self.program.signal(signal.SIGCONT)


class Cut(OfProgram):
    """Connections are reset, and new ones can be made at once."""

    def inflict(self):
        self.forwarder.cut()


class Unreachable(OfProgram):
    def inflict(self):
        self.forwarder.refuse()

    def heal(self):
        self.forwarder.restore()


class HalfOpen(OfProgram):
    """Nothing gets through in either direction, and nobody is told."""

    def inflict(self):
        self.forwarder.freeze()

    def heal(self):
        self.forwarder.restore()


@dataclass
class OfChild:
    """To a server that the gateway has started itself, and starts again."""

    setting: Setting
    name: str

    def inflict(self) -> None:
        block = self.setting.environment.services[self.name].block
        self.child = self.setting.gateway.child(block["command"])
        os.kill(self.child.pid, self.number)

    def heal(self) -> None:
        """What was killed needs nothing, and what was paused has been killed."""


class KilledChild(OfChild):
    number = signal.SIGKILL


class PausedChild(OfChild):
    number = signal.SIGSTOP
