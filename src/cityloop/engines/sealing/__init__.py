"""Field encryption, exact search over sealed fields, and masks for display."""

from .blind_index import phone_digits
from .keyring import KeyRing
from .masking import MASKS, mask_address, mask_email, mask_id_number, mask_name, mask_phone

__all__ = [
    "MASKS",
    "KeyRing",
    "mask_address",
    "mask_email",
    "mask_id_number",
    "mask_name",
    "mask_phone",
    "phone_digits",
]
