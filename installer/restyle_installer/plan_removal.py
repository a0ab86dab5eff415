"""What uninstalling means: remove what the record says and nobody has changed, put back what was there before. Pure."""

from __future__ import annotations

from pathlib import Path

from . import flatpak, python_fu
from .facts import Facts
from .plan import Plan, asides, is_bytecode
from .record import FILE, Installed, Record
from .steps import DiscardTree, Move, RemoveFile, RemoveFolder, Step, StopServer, TidyFolder, WriteFile
from .words import N_, _

__all__ = ["plan_uninstall"]

CHANGED = N_("%s was changed and stays; remove it if it is not needed")
NOT_OURS = N_("%s is not part of Restyle and stays; remove it if it is not needed")
LOG = "plugin.log"
STYLES = "styles"
# In the folder of models: what was fetched is in Restyle's own form; files of other programs were put there by the person.
FOREIGN = frozenset({".t7", ".onnx", ".pth", ".pt", ".model", ".npz", ".index", ".tflite"})


def plan_uninstall(facts: Facts, *, purge: bool = False, purge_styles: bool = False) -> Plan:
    """`purge`: the weights in HOME/models go too, which may have been long downloads; `purge_styles`: and so do styles that the
    person has learned or brought along, which nothing brings back."""
    record = facts.record
    if record is None:
        return Plan((), (_("Restyle is not installed here: %s is not there.") % (facts.home / FILE),))
    steps: list[Step] = [StopServer(facts.home)] if facts.server_runs else []
    remarks: list[str] = []
    for plugin in record.plugins:
        steps += _plugin(facts, plugin, remarks)
        steps += python_fu.forget_steps(facts, plugin)
    steps += _flatpak(facts, record)
    steps += _home(facts, record, _models(facts, purge, purge_styles, remarks))
    made = [Path(path) for path in sorted(record.folders, key=len, reverse=True)]
    # What is discarded lies in HOME until the end, so HOME and the folders around it can only be removed after that.
    around = [path for path in made if path == facts.home or path in facts.home.parents]
    steps += [RemoveFolder(path) for path in made if path not in around]
    discarded = [DiscardTree(step.to) for step in steps if isinstance(step, Move) and step.to.parent == facts.home]
    last = [*discarded, *map(DiscardTree, facts.leftovers), *map(TidyFolder, around)]
    return Plan((*steps, *last), tuple(remarks))


def _plugin(facts: Facts, plugin: Installed, remarks: list[str]) -> list[Step]:
    folder = Path(plugin.profile) / "plug-ins" / "restyle"
    present = facts.present.get(plugin.profile, {})
    steps: list[Step] = []
    stays = []
    for path, (digest, _rights) in sorted(present.items()):
        if is_bytecode(path) or plugin.files.get(path) == digest:
            steps.append(RemoveFile(folder / path))
        else:
            stays.append(path)
    keep = {folder.joinpath(*path.split("/")[:count]) for path in stays for count in range(path.count("/") + 1)}
    inside = [Path(name) for name in facts.folders if Path(name) == folder or folder in Path(name).parents]
    steps += [RemoveFolder(path) for path in sorted(set(inside) - keep, key=lambda path: str(path), reverse=True)]
    for path in stays:
        remarks.append(_(CHANGED if path in plugin.files else NOT_OURS) % (folder / path))
    if plugin.replaced_by and plugin.replaced_by in facts.names:
        if stays:
            remarks.append(_("What was there before stays in %s") % plugin.replaced_by)
        else:
            steps.append(Move(Path(plugin.replaced_by), folder))
    return steps


def _flatpak(facts: Facts, record: Record) -> list[Step]:
    if not record.flatpak_override or facts.flatpak_text is None:
        return []
    text = flatpak.revoke(facts.flatpak_text)
    if text == facts.flatpak_text:
        return []
    path = Path(record.flatpak_override)
    return [WriteFile(path, text.encode("utf-8")) if text else RemoveFile(path)]


def _models(facts: Facts, purge: bool, purge_styles: bool, remarks: list[str]) -> list[Path]:
    """What goes of the folder of models."""
    models = facts.home / "models"
    if str(models) not in facts.names or purge_styles:
        return [models]
    inside = sorted(Path(name) for name in facts.names if Path(name).parent == models)
    own = [path for path in inside if path.name == STYLES or path.suffix.lower() in FOREIGN]
    if own:
        remarks.append(_("%s stays, with styles of your own in it; `uninstall --purge-styles` removes them too") % models)
    if not purge:
        fetched = _("%s stays, with the weights in it; `uninstall --purge` removes them too") % models
        remarks += [fetched] if inside != own else []
        return []
    return [path for path in inside if path not in own] if own else [models]


def _home(facts: Facts, record: Record, models: list[Path]) -> list[Step]:
    """Environment and server folder by rename, so that it can be undone; then the log and, last, the record."""
    names = asides(facts)
    trees = [Path(record.env)] if record.env else []
    trees += [facts.home / "server", *models]
    steps: list[Step] = [Move(tree, next(names)) for tree in trees if str(tree) in facts.names]
    if str(facts.home / LOG) in facts.names:
        steps.append(RemoveFile(facts.home / LOG))
    return [*steps, RemoveFile(facts.home / FILE)]
