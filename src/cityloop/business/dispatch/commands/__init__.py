"""Changing the hard rules."""

from cityloop.business.dispatch.commands.rules import (
    NewRule,
    check_rule,
    load_rules,
    remove_rule,
    rules_of_profile,
    save_rule,
    try_rule,
)

__all__ = [
    "NewRule",
    "check_rule",
    "load_rules",
    "remove_rule",
    "rules_of_profile",
    "save_rule",
    "try_rule",
]
