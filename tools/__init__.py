"""What keeps the tree in order: run by `make`, not part of the package."""
