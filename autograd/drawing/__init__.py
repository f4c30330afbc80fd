"""Pictures of graphs: every node's number, every edge's local derivative; and a page that steps through a sweep."""

from autograd.drawing.graph import draw
from autograd.drawing.picture import Drawing
from autograd.drawing.stepping import Stepper, stepper

__all__ = ["Drawing", "Stepper", "draw", "stepper"]
