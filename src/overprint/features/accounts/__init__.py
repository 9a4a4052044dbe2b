"""People: who they are, how they show it, and how mail reaches them. Teams are above.

What signs people in is loaded by web processes alone (``room.py``).
"""

from typing import TYPE_CHECKING

from overprint.features.accounts.rules import Mode, checked_name, require_confirmed
from overprint.features.accounts.service.lasting import lasting_names
from overprint.features.accounts.store.keys import end_keys_of_member
from overprint.features.accounts.store.letters import Post
from overprint.features.accounts.store.letters import post as post_mail
from overprint.features.accounts.store.people import LOCAL_OWNER_EMAIL, ensure_person, find_reachable, list_site_admins

if TYPE_CHECKING:
    from overprint.features.accounts.service.admissions import Admissions

__all__ = [
    "LOCAL_OWNER_EMAIL",
    "Admissions",
    "Mode",
    "Post",
    "checked_name",
    "end_keys_of_member",
    "ensure_person",
    "find_reachable",
    "lasting_names",
    "list_site_admins",
    "post_mail",
    "require_confirmed",
]
