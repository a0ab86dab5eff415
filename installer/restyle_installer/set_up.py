"""`set-up`: what a packed plug-in has done from within GIMP: an environment, and the settings that tell of it.

It is the installation without GIMP's profiles, a transaction like that: ended on its way it puts everything back, and what pip
has downloaded serves the next time. Whoever started it is told of each step by a line of JSON.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from restyle_plugin.words import amount

from . import plugin_folder, record, user_environment
from .apply import apply
from .console import Console
from .errors import CommandFailed, InstallerError
from .facts import CURRENT, Wanted, gather
from .installation import Installation
from .place import env_python
from .plan import Plan, plan_install
from .steps import WriteFile
from .words import _

__all__ = ["Teller", "plan_set_up", "set_up"]

# Measured, as in telling: what is downloaded with PyTorch's builds for processors and for graphics cards.
DOWNLOAD_MB = {False: 400.0, True: 3000.0}
DOWNLOADING = re.compile(r"^\s*Downloading ([\w.]+?)-\d.*\(([\d.]+) ([MG])B\)")
INSTALLING = re.compile(r"^\s*Installing collected packages")
# Shares of the bar: what comes before the downloads, and what they take.
FIRST, DOWNLOADS = 0.05, 0.75


class Teller(Console):
    """Says by lines of JSON what a person reads beside a bar: {"sentence", "share"}, at last {"problem"} where it failed."""

    def __init__(self, download_mb: float) -> None:
        super().__init__()
        self._download_mb = download_mb
        self._begun_mb = self._coming_mb = 0.0
        self._sentence, self._unpacked = _("Setting up Restyle"), 0

    def note(self, text: str) -> None:
        """What pip does, in a person's words; all else is passed on as it is, for the log."""
        for line in text.splitlines():
            if found := DOWNLOADING.match(line):
                # The one before is here now.
                self._begun_mb += self._coming_mb
                self._coming_mb = float(found.group(2)) * (1000 if found.group(3) == "G" else 1)
                facts = {"package": found.group(1), "size": amount(1e6 * self._coming_mb)}
                self._sentence = _("Downloading %(package)s (%(size)s)") % facts
            elif INSTALLING.match(line):
                self._begun_mb, self._coming_mb = self._begun_mb + self._coming_mb, 0.0
                self._sentence, self._unpacked = _("Unpacking what has come"), self._unpacked + 1
            else:
                self.say(line)
                continue
            self.tell()

    def tell(self) -> None:
        """Say how far it is."""
        share = FIRST + DOWNLOADS * min(1.0, self._begun_mb / self._download_mb) + 0.05 * min(self._unpacked, 3)
        self.say(json.dumps({"sentence": self._sentence, "share": round(min(share, 0.98), 3)}))

    def fail(self, problem: str) -> None:
        """Say why it failed."""
        self.say(json.dumps({"problem": problem}))


def set_up(work: Installation, settings: Path, console: Teller) -> int:
    """Make the environment, and write the plug-in's settings; the exit code."""
    try:
        work.settle(dry_run=False, as_json=True)
        console.tell()
        plan = plan_set_up(work, settings)
        apply(work.home, plan.steps, work.tools())
    except InstallerError as error:
        # The whole of it is for the log. What failed is a command line, which helps nobody: the plug-in knows better words.
        console.say(str(error))
        console.fail(error.advice if isinstance(error, CommandFailed) else str(error).splitlines()[0])
        return 1
    return 0


def plan_set_up(work: Installation, settings: Path) -> Plan:
    """The steps. Raises Refused where there can be no environment."""
    env, mark = work.home / "env", user_environment.fingerprint(work.checkout)
    env_state = user_environment.state(env, mark, record.read(work.home), work.runner)
    if env_state != CURRENT:
        user_environment.check_machine(work.machine, work.home)
    python, version = str(env_python(env, work.place.system)), work.checkout.version()
    facts = gather(work.place, work.home, [], env_state, work.server_runs())
    plan = plan_install(facts, Wanted(version, (), python, env, mark, work.place.system))
    text = plugin_folder.settings_text(python, str(work.home), work.checkout.root / "installer", version)
    return Plan((*plan.steps, WriteFile(settings, text.encode("utf-8"))))
