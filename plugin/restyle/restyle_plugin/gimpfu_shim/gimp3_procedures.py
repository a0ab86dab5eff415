"""A plug-in's life in GIMP 3.x: declare the procedures, run one with the values of its config."""

import sys
import traceback
from contextlib import nullcontext

from gi.repository import Gio, GLib, GObject

from ..languages import _
from .gimp3_arguments import add_arguments, add_result, given_by_gimp, read_value, write_value
from .gimp3_lib import Gimp, id_of, ready_pixels
from .gimp3_run import Run, current_run
from .gimp3_values import to_gimp
from .help_folder import HELP_DOMAIN, help_folder

# GIMP's names of gimpfu's run modes.
_RUN_MODES = (Gimp.RunMode.INTERACTIVE, Gimp.RunMode.NONINTERACTIVE, Gimp.RunMode.WITH_LAST_VALS)

_MOVED_MENUS = (("<Toolbox>/Xtns", "<Image>/Filters"), ("<Toolbox>", "<Image>"))

__all__ = ["main"]


def main(procedures, dispatch):
    """Be the plug-in that GIMP started: answer its query with `procedures`, or run one through `dispatch`."""
    by_name = {procedure.name: procedure for procedure in procedures}

    class ShimPlugIn(Gimp.PlugIn):
        """What libgimp asks; its type is registered once per process."""

        def do_set_i18n(self, _name):
            return False  # no translations: without this answer GIMP warns about a missing catalogue

        def do_query_procedures(self):
            if help_folder():
                self.set_help_domain(HELP_DOMAIN, Gio.File.new_for_path(help_folder()))
            return list(by_name)

        def do_create_procedure(self, name):
            _ask(by_name[name])
            return _declared(self, by_name[name], dispatch)

    Gimp.main(ShimPlugIn.__gtype__, sys.argv)


def run_of(declaration, values, drawable):
    """Return the Run that a dialog of a procedure belongs to, as a context: the call under way, or for another procedure of ours
    one that GIMP does not know of, with `values` in its config."""
    under_way = current_run()
    if under_way.procedure.get_name() == declaration.name:
        return nullcontext(under_way)
    procedure = _declared(under_way.procedure.get_plug_in(), declaration, None)
    config = procedure.create_config()
    given = given_by_gimp(declaration)
    for param, value in list(zip(declaration.params, values, strict=True))[given:]:
        write_value(config, param, value)
    return Run(procedure, config, [drawable])


def _declared(plugin, declaration, dispatch):
    """Return GIMP's procedure for a declaration."""
    name, kind = declaration.name, Gimp.PDBProcType.PLUGIN
    given = given_by_gimp(declaration)
    if given:
        procedure = Gimp.ImageProcedure.new(plugin, name, kind, _run_on_image, (declaration, given, dispatch))
        procedure.set_image_types(declaration.imagetypes)
        procedure.set_sensitivity_mask(_sensitivity(declaration, given))
    else:
        procedure = Gimp.Procedure.new(plugin, name, kind, _run_alone, (declaration, dispatch))
        procedure.add_enum_argument(
            "run-mode", "Run mode", "The run mode", Gimp.RunMode, Gimp.RunMode.NONINTERACTIVE, GObject.ParamFlags.READWRITE
        )
        procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.ALWAYS)
    procedure.set_documentation(declaration.said(declaration.blurb), declaration.help, name)
    procedure.set_attribution(declaration.author, declaration.copyright, declaration.date)
    paths = [path for path in (_menu_path(declaration, menu) for menu in [declaration.menu, *declaration.menus]) if path]
    if paths:
        procedure.set_menu_label(declaration.said(declaration.label))
    for path in paths:
        procedure.add_menu_path(path)
    add_arguments(procedure, declaration.params[given:])
    for param in declaration.results:
        add_result(procedure, param)
    return procedure


def _ask(declaration):
    """Let a plug-in add menus; where it cannot, its author reads why and the procedure is there all the same."""
    try:
        if declaration.on_query and not declaration.menus:
            declaration.on_query()
    except Exception:
        traceback.print_exc()


def _menu_path(declaration, menu):
    """Return the path; each place is a section of its own, which is not shown: within one GIMP orders by the alphabet.

    A path is shown as it is given here, and asked for anew in each language. As in 2.10, the last part of its translation counts.
    "" for a menu that GIMP 3 does not have, those of loaders and savers; the toolbox's are where 2.10 had moved them.
    """
    if menu.startswith(("<Load>", "<Save>")):
        return ""
    menu = menu.rstrip("/")
    for old, new in _MOVED_MENUS:
        if menu.startswith(old):
            menu = new + menu[len(old) :]
    if not menu:
        return ""
    menu = menu.rpartition("/")[0] + "/" + declaration.said(menu).rpartition("/")[2]
    return menu + ("" if declaration.place is None else "/[%03d]" % declaration.place)


def _sensitivity(declaration, given):
    mask = Gimp.ProcedureSensitivityMask
    if given == 1:
        return mask.DRAWABLE | mask.NO_DRAWABLES
    return mask.DRAWABLE | mask.DRAWABLES if declaration.params[1].takes_several else mask.DRAWABLE


def _run_on_image(procedure, run_mode, image, drawables, config, data):
    declaration, given, dispatch = data
    if given > 1 and (not drawables or (len(drawables) > 1 and not declaration.params[1].takes_several)):
        return _failed(procedure, Gimp.PDBStatusType.CALLING_ERROR, _("Choose one layer: %d are chosen.") % len(drawables))
    ids = [id_of(drawable) for drawable in drawables]
    with Run(procedure, config, ids):
        return _run(procedure, run_mode, config, declaration, [id_of(image)] + ids[: given - 1], dispatch)


def _run_alone(procedure, config, data):
    declaration, dispatch = data
    with Run(procedure, config):
        return _run(procedure, config.get_property("run-mode"), config, declaration, [], dispatch)


def _run(procedure, run_mode, config, declaration, front, dispatch):
    """Hand a call to the shared code, its values filled in: GIMP put the last ones into the config where they are wanted."""
    ready_pixels()
    values = front + [read_value(config, param) for param in declaration.params[len(front) :]]
    status, results = dispatch(declaration.name, _RUN_MODES.index(run_mode), values)
    if status == "cancel":
        return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, None)
    if status != "success":
        return _failed(procedure, Gimp.PDBStatusType.EXECUTION_ERROR, status[1])
    return _answer(procedure, results)


def _failed(procedure, status, text):
    return procedure.new_return_values(status, GLib.Error.new_literal(Gimp.PlugIn.error_quark(), text, 0))


def _answer(procedure, results):
    answer = procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, None)
    for place, (spec, result) in enumerate(zip(procedure.get_return_values(), results, strict=True), 1):
        value = GObject.Value(spec.value_type)
        value.set_value(to_gimp(spec, result))
        answer.remove(place)
        answer.insert(place, value)
    return answer
