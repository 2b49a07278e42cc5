"""Field encryption, exact search over sealed fields, and masks for display."""

from .blind_index import phone_digits
from .keyring import INDEX, KeyRing, change_ring
from .masking import MASKS, mask_address, mask_email, mask_id_number, mask_name, mask_phone

__all__ = [
    "INDEX",
    "MASKS",
    "KeyRing",
    "change_ring",
    "mask_address",
    "mask_email",
    "mask_id_number",
    "mask_name",
    "mask_phone",
    "phone_digits",
]
