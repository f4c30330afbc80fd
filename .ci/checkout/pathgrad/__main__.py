"""python -m pathgrad "(a + b) * (b + 1)" a=2 b=1: a value, its derivatives, and what they are made of."""

import sys

from pathgrad.autograd.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
