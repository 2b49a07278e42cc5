#!/usr/bin/env python
"""The same as `cityloop`, for tools that look for manage.py."""

from cityloop.config.cli import main

if __name__ == "__main__":
    main()
