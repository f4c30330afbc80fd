"""Whose `autograd` is under test is settled before anything else: importing nn refuses the other one."""

import nn  # noqa: F401 — for its guard

collect_ignore = ["record_pytorch.py"]  # needs PyTorch, which the suite does not
