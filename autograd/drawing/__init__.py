"""Pictures of graphs: every node's number, every edge's local derivative."""

from autograd.drawing.graph import Drawing, draw

__all__ = ["Drawing", "draw"]
