"""Authentication of the API, assembled: pass `signed_in` as `auth=` of the whole API.

Public operations name `anyone` instead. Both set `request.viewer`.
"""

from cityloop.city.accounts.entry import Anyone, SignedIn, find_viewer, source_of
from cityloop.city.accounts.rules import need_scope

signed_in = SignedIn()
anyone = Anyone()

__all__ = ["Anyone", "SignedIn", "anyone", "find_viewer", "need_scope", "signed_in", "source_of"]
