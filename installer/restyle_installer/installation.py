"""`install` and `uninstall`: read the facts, make the plan, show it or carry it out."""

from __future__ import annotations

import json
from pathlib import Path

from . import gimps, interpreter, journal, plugin_folder, record, server_call, telling, user_environment
from .apply import Tools, apply
from .checkout import Checkout
from .console import Console
from .errors import InstallerError, Refused
from .facts import CURRENT, Facts, Wanted, gather
from .machine import look_at
from .place import Place, env_python, profiles, restyle_home
from .plan import Plan, plan_install
from .plan_removal import plan_uninstall
from .runner import Runner
from .steps import Step
from .words import N_, _, ngettext

__all__ = ["Installation", "install", "uninstall"]

NO_GIMP = N_(
    "No GIMP is found on this machine, and no profile of one, so nothing was installed. Install GIMP 2.10 or 3, and start the "
    "installer again; or add --anyway, for the command line and Python alone (1.5 GB)."
)
PROBE = "import restyle.version, torch; print(restyle.version.VERSION)"


class Installation:
    """What both commands know: the checkout, the user's place, how to run programs, how to talk."""

    def __init__(self, checkout: Checkout, place: Place, runner: Runner, console: Console) -> None:
        self.checkout = checkout
        self.place = place
        self.runner = runner
        self.console = console
        self.machine = look_at(runner)
        self.home = restyle_home(place)

    def facts(self, env_state: str = CURRENT, *, starting_gimps: bool = True) -> Facts:
        """`starting_gimps`: those that have no profile yet count, which takes a second for each."""
        found = gimps.find(self.machine, self.runner) if starting_gimps else []
        started = [(gimp.series, gimp.kind) for gimp in found]
        return gather(self.place, self.home, profiles(self.place, started), env_state, self.server_runs())

    def server_runs(self) -> bool:
        """Whether there is a server that would go on with what is replaced."""
        connection = server_call.read_connection(self.home)
        return connection is not None and server_call.health(connection) is not None

    def settle(self, *, dry_run: bool, as_json: bool) -> bool:
        """Undo or finish what was interrupted; returns whether there is nothing of it left. Raises InstallerError."""
        is_pending = journal.find(self.home) is not None
        said = _(journal.PENDING) if is_pending and dry_run else journal.recover(self.home)
        if said and not as_json:
            self.console.say(_("Note: %s") % said)
        return not (is_pending and dry_run)

    def tools(self) -> Tools:
        def make_environment(path: Path, scratch: Path) -> None:
            user_environment.make(path, scratch, self.checkout, self.machine, self.runner, self.console)

        return Tools(make_environment, _stop_server)

    def carry_out(self, plan: Plan, *, dry_run: bool, as_json: bool) -> None:
        """Show the plan; unless it is a dry run, do it."""
        if as_json:
            self.console.say(json.dumps(dict(plan.describe(), dry_run=dry_run), indent=2))
        elif dry_run:
            for line in telling.summary(plan, self.machine):
                self.console.say(line)
        if not dry_run:
            apply(self.home, plan.steps, self.tools(), lambda step: None if as_json else self._tell(step))
            if not as_json and plan.steps:
                done = len(plan.steps)
                self.console.say(ngettext("%d step done.", "%d steps done.", done) % done)
        if not as_json:
            for remark in plan.remarks:
                self.console.say(_("Note: %s") % remark)

    def _tell(self, step: Step) -> None:
        """Of the many small steps only their number is worth a line."""
        if not telling.is_small(step):
            self.console.say(telling.sentence(step))


def install(work: Installation, *, python: str = "", anyway: bool = False, dry_run: bool = False, as_json: bool = False) -> Plan:
    """New or over another version. `python`: use this one, which has Restyle's core, and make no environment.

    Raises Refused, before anything is fetched, where GIMP would not see what this Python writes, or where there is no GIMP and it
    shall not be `anyway`.
    """
    interpreter.refuse_hidden()
    if not work.settle(dry_run=dry_run, as_json=as_json):
        return Plan((), (_(journal.PENDING),))
    env: Path | None = None
    mark, env_state = "", CURRENT
    if python:
        _check_python(python, work)
    else:
        env, mark, env_state = _environment(work)
        python = str(env_python(env, work.place.system))
    facts = work.facts(env_state)
    if not facts.profiles and not (anyway or dry_run):
        raise Refused(_(NO_GIMP))
    if env_state != CURRENT:
        user_environment.check_machine(work.machine, work.home)
    files = tuple(plugin_folder.files(work.checkout.plugin, python, str(work.home)))
    wanted = Wanted(work.checkout.version(), files, python, env, mark, work.place.system)
    plan = plan_install(facts, wanted)
    work.carry_out(plan, dry_run=dry_run, as_json=as_json)
    if not as_json and not plan.steps:
        work.console.say(_("Restyle %s is installed and up to date; nothing to do.") % wanted.version)
    return plan


def uninstall(
    work: Installation, *, purge: bool = False, purge_styles: bool = False, dry_run: bool = False, as_json: bool = False
) -> Plan:
    """Remove what was installed, as far as nobody has changed it since."""
    if not work.settle(dry_run=dry_run, as_json=as_json):
        return Plan((), (_(journal.PENDING),))
    plan = plan_uninstall(work.facts(starting_gimps=False), purge=purge, purge_styles=purge_styles)
    work.carry_out(plan, dry_run=dry_run, as_json=as_json)
    return plan


def _environment(work: Installation) -> tuple[Path, str, str]:
    env = work.home / "env"
    mark = user_environment.fingerprint(work.checkout)
    return env, mark, user_environment.state(env, mark, record.read(work.home), work.runner)


def _check_python(python: str, work: Installation) -> None:
    """Raises Refused unless this Python can run the server of this very version."""
    if not Path(python).is_absolute():
        raise Refused(_("Name the Python with its whole path, since GIMP starts it from another folder: %s") % python)
    probe = work.runner.run([python, "-c", PROBE], cwd=work.home.anchor, timeout_s=120)
    if not probe.succeeded:
        raise Refused("%s\n%s" % (_("%s cannot load Restyle and PyTorch:") % python, probe.output.strip()))
    if probe.output.split()[-1] != work.checkout.version():
        text = _("%(python)s has Restyle %(old)s, and this is the installer of %(new)s. Install that version into it first.")
        raise Refused(text % {"python": python, "old": probe.output.split()[-1], "new": work.checkout.version()})


def _stop_server(home: Path) -> None:
    if not server_call.stop(home):
        raise InstallerError(_("Restyle's server is still painting. Wait for it, or cancel it in GIMP, and start again."))
