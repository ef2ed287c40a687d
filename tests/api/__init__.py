"""Programs of shops over real HTTP."""
