"""A tree walker for bleach that runs in linear time."""

from typing import Any

from bleach import html5lib_shim

# A position: an element, its index in its parent, its ancestors, and which of its texts is meant, if any. The root is
# an element only.
Node = Any


class LinearWalker(html5lib_shim.getTreeWalker("etree")):  # type: ignore[misc]
    """Remembers the index of each element it enters.

    bleach's own walker searches for the index among all children of the parent whenever it leaves an element, which
    took seconds for a list of 8,000 items.
    """

    def __init__(self, tree: Node):
        super().__init__(tree)
        self._indexes: list[int | None] = []

    def getFirstChild(self, node: Node) -> Node:  # noqa: N802 - the library's name
        return self._entering(node, super().getFirstChild(node))

    def getNextSibling(self, node: Node) -> Node:  # noqa: N802
        after = super().getNextSibling(node)
        return self._entering(node, after) if _text_of(node) == "text" else after

    def getParentNode(self, node: Node) -> Node:  # noqa: N802
        if _text_of(node) == "text":
            return super().getParentNode(node)
        parents = node[2]
        parent, index = parents.pop(), self._indexes.pop()
        return (parent, index, parents, None) if parents else parent

    def _entering(self, node: Node, child: Node) -> Node:
        if child is not None and _text_of(child) is None:
            self._indexes.append(node[1] if isinstance(node, tuple) else None)
        return child


def _text_of(node: Node) -> str | None:
    return node[3] if isinstance(node, tuple) else None
