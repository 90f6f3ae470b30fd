"""Memory of the process: freed tensors kept for the next pass."""

from __future__ import annotations

import ctypes
import platform

# Numbers of glibc's malloc.h: trim above, map above (bytes), arenas.
_GLIBC_OPTIONS = {-1: 256 << 20, -3: 32 << 20, -8: 2}


def keep_freed_memory() -> None:
    """Tell glibc to keep what a pass has freed for the next one; elsewhere do nothing.

    Otherwise each pass's tensors come as fresh pages from the kernel, which fills them with zeros:
    a quarter of the time of a trace, which keeps every step.
    """
    if platform.libc_ver()[0] == "glibc":
        for option, value in _GLIBC_OPTIONS.items():
            ctypes.CDLL(None).mallopt(option, value)


def give_back_memory() -> None:
    """Hand what glibc keeps to the system again, after more was needed than usual."""
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).malloc_trim(0)
