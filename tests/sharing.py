"""Which tests stay together where several processes share them (pytest-xdist)."""

import re

from xdist.scheduler import LoadScopeScheduling

OF_ONE_GIMP = re.compile(r"^(?P<file>[^:]+)::\w+(\[(?P<gimp>2\.7|3\.0|3\.2|3)[-\]])?")
"""A test's id begins with the GIMP, or the Python inside it, that a session was started with for all tests that name it."""


class ByGimp(LoadScopeScheduling):
    """Those of a file, and of one GIMP in it, run in one process, in order: a GIMP is started once for all of them.

    Not ``--dist loadgroup``: pytest 9.2 no longer shows the group that xdist 3.8 writes into a test's id.
    """

    def _split_scope(self, nodeid: str) -> str:
        found = OF_ONE_GIMP.match(nodeid)
        return f"{found['file']} {found['gimp'] or ''}" if found else nodeid
