"""What GIMP 3.x's database knows of procedures, those that are 2.10's alone among them; and 2.10's questions about that."""

from .gimp3_calls import exists, procedure_of
from .gimp3_forms import old_signature
from .gimp3_lib import Gimp
from .gimp3_old import find, new_name
from .gimp3_table import table

_ASKED = 6  # of 2.10's patterns: name, blurb, help, authors, copyright, date; GIMP 3 counts types otherwise

CALLS, old = table()

__all__ = ["find_old", "is_there", "signature_of"]


def find_old(name):
    """Return the gimp3_table.Call of a procedure that only 2.10 has, or None."""
    return CALLS.get(name) or find(name)


def is_there(name):
    """Whether a procedure can be called by 2.10's name or by GIMP 3's."""
    return find_old(name) is not None or exists(new_name(name))


def signature_of(name):
    """Return ([(argument, kind)], [(result, kind)]) in 2.10's form; BackendError where there is no such procedure."""
    known = find_old(name)
    if known is not None:
        return list(known.wanted), list(known.offered)
    procedure = procedure_of(new_name(name))
    specs = procedure.get_arguments(), procedure.get_return_values()
    return tuple(old_signature(procedure.get_name(), row) for row in specs)


@old("gimp-procedural-db-proc-exists", "procedure-name:string", "exists:int")
def _exists(name):
    return [int(is_there(name))]


@old("gimp-procedural-db-query", " ".join("a%d:string" % i for i in range(7)), "count:int names:array")
def _query(*patterns):
    asked = [pattern or "" for pattern in patterns[:_ASKED]]
    names = list(Gimp.get_pdb().query_procedures(*asked, "", ""))
    return [len(names), tuple(names)]


@old(
    "gimp-procedural-db-proc-info",
    "procedure-name:string",
    "blurb:string help:string author:string copyright:string date:string type:int args:int values:int",
)
def _info(name):
    counts = [len(row) for row in signature_of(name)]
    if find_old(name):
        return ["GIMP 2.10's %s, by other calls of this GIMP." % name, "", "", "", "", 0, *counts]
    known = procedure_of(new_name(name))
    texts = [known.get_blurb(), known.get_help(), known.get_authors(), known.get_copyright(), known.get_date()]
    return [*texts, int(known.get_proc_type()), *counts]
