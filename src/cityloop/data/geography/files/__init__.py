"""Readers of files: features one after the other, each whole or with the reason it is not."""

from cityloop.data.geography.files.opening import OpenFile, open_file
from cityloop.data.geography.files.source import Layer, Source

__all__ = ["Layer", "OpenFile", "Source", "open_file"]
