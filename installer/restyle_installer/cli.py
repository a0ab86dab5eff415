"""`python3 installer COMMAND`: reads the command line, runs the command, says what went wrong."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Callable

from .apply import ENDING_SIGNALS
from .checkout import HERE
from .console import Console
from .errors import InstallerError
from .place import here
from .runner import Runner, interrupt_when_closed
from .words import GREETING, _, filter_label

__all__ = ["main"]

INTERRUPTED = 130
Command = Callable[[argparse.Namespace, Runner, Console], int]

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def main(arguments: list[str]) -> int:
    """Returns the exit code: 0 done, 1 failed, 2 asked for something impossible, 130 ended by Ctrl-C."""
    own, passed_on = _split(arguments)
    options = _parser().parse_args(own)
    options.passed_on = passed_on
    # A closed terminal or `kill` must undo a half-done installation just as Ctrl-C does.
    for number in ENDING_SIGNALS:
        signal.signal(number, _interrupt)
    console = Console()
    try:
        return int(options.command(options, Runner(), console))
    except InstallerError as error:
        sys.stderr.write("%s\n" % error)
        return 1
    except KeyboardInterrupt:
        sys.stderr.write(_("Interrupted.") + "\n")
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 installer", description=_(GREETING))
    commands = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)
    _add(commands, "demo", _demo, _("set everything up and restyle a photo inside a headless GIMP"))
    _add(commands, "test", _test, _("set everything up, GIMPs to test with included, and run the suite (-- ARGUMENTS: pytest's)"))
    _add(commands, "bench", _bench, _("set up as for test and run the measurements (-- ARGUMENTS: theirs)"))
    _add(commands, "lock", _lock, _("for developers: choose the dependencies' versions anew, and write down their hashes"))
    _add(commands, "licences", _licences, _("for developers: list the licences of the dependencies anew"))
    _add(commands, "languages", _languages, _("for developers: gather the texts, and bring their translations up to date"))
    user = _add(commands, "install", _install, _("install for this user, into every GIMP profile, or update"))
    user.add_argument(
        "--python", default="", metavar=_("PATH"), help=_("use this Python, which has Restyle, and make no environment")
    )
    gone = _add(commands, "uninstall", _uninstall, _("remove what install has put there, and put back what was there before"))
    gone.add_argument("--purge", action="store_true", help=_("remove downloaded weights too; styles of your own stay"))
    gone.add_argument(
        "--purge-styles", action="store_true", help=_("remove the styles that you have learned or brought along, too")
    )
    user.add_argument("--anyway", action="store_true", help=_("install though no GIMP is found: for the command line and Python"))
    _add(commands, "package", _package, _("for developers: the plug-in as a ZIP for each platform, which sets itself up in GIMP"))
    packed = _add(
        commands, "set-up", _set_up, _("what a packed plug-in calls: make Restyle's environment, and say so by lines of JSON")
    )
    packed.add_argument("--settings", required=True, type=Path, metavar=_("FILE"), help=_("where the plug-in reads of it"))
    packed.add_argument("--leashed", action="store_true", help=_("end, and put everything back, when standard input is closed"))
    for changing in (user, gone):
        changing.add_argument("--dry-run", action="store_true", help=_("say exactly what would be done, and do nothing"))
    doctor = _add(commands, "doctor", _doctor, _("find out why the plug-in does not appear or does not work, and what to do"))
    doctor.add_argument("--dry-run", action="store_true", help=_("only say which checks would be made"))
    doctor.add_argument(
        "--report", metavar=_("FILE"), help=_("write all that helps a developer, without private data, into one file")
    )
    for scripted in (user, gone, doctor):
        scripted.add_argument("--json", action="store_true", help=_("answer as JSON"))
    return parser


def _add(commands: Commands, name: str, command: Command, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(command=command)
    return parser


def _demo(options: argparse.Namespace, runner: Runner, console: Console) -> int:
    from .demo import demo

    return demo(HERE, runner, console)


def _test(options: argparse.Namespace, runner: Runner, console: Console) -> int:
    from .suite import test

    return test(HERE, options.passed_on, runner, console)


def _bench(options: argparse.Namespace, runner: Runner, console: Console) -> int:
    from .suite import bench

    return bench(HERE, options.passed_on, runner, console)


def _lock(options: argparse.Namespace, runner: Runner, console: Console) -> int:
    from .locks import make

    return make(HERE, runner, console)


def _licences(options: argparse.Namespace, runner: Runner, console: Console) -> int:
    from .suite import licences

    return licences(HERE, runner, console)


def _languages(options: argparse.Namespace, runner: Runner, console: Console) -> int:
    from .languages import domains, update

    return update(domains(HERE), console)


def _install(options: argparse.Namespace, runner: Runner, console: Console) -> int:
    from . import doctor, gimps, installation

    work = installation.Installation(HERE, here(), runner, console)
    installation.install(work, python=options.python, anyway=options.anyway, dry_run=options.dry_run, as_json=options.json)
    if options.dry_run or options.json:
        return 0
    console.say(_("Now GIMP itself is asked whether it has the filters."))
    findings = doctor.examine(work)
    doctor.show([one for one in findings if one.level != "ok" or one.is_proof], console)
    if not any(one.level == "fail" for one in findings):
        if gimps.is_running(work.machine, runner):
            console.say(_("GIMP is running now. It looks for plug-ins when it starts: close it, and start it again."))
        first = filter_label(HERE.catalogue()["filters"][0])
        console.say(_("Done. Start GIMP, open a picture, and choose Filters > Style Transfer > %s") % first)
    return doctor.exit_code(findings)


def _uninstall(options: argparse.Namespace, runner: Runner, console: Console) -> int:
    from . import installation

    work = installation.Installation(HERE, here(), runner, console)
    purge = options.purge or options.purge_styles
    installation.uninstall(work, purge=purge, purge_styles=options.purge_styles, dry_run=options.dry_run, as_json=options.json)
    return 0


def _doctor(options: argparse.Namespace, runner: Runner, console: Console) -> int:
    from . import doctor, installation

    work = installation.Installation(HERE, here(), runner, console)
    return doctor.doctor(work, dry_run=options.dry_run, as_json=options.json, report=options.report)


def _package(options: argparse.Namespace, runner: Runner, console: Console) -> int:
    from .package import package

    return package(HERE, console)


def _set_up(options: argparse.Namespace, runner: Runner, console: Console) -> int:
    from . import installation
    from .set_up import DOWNLOAD_MB, Teller, set_up

    if options.leashed:
        interrupt_when_closed(sys.stdin)
    work = installation.Installation(HERE, here(), runner, console)
    work.console = teller = Teller(DOWNLOAD_MB[bool(work.machine.cuda or work.machine.has_rocm or work.machine.has_xpu)])
    return set_up(work, options.settings, teller)


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """What stands before and after a lone `--`."""
    if "--" not in arguments:
        return arguments, []
    at = arguments.index("--")
    return arguments[:at], arguments[at + 1 :]


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
