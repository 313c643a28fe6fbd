"""cmi5 packages: one assignable unit (AU) for each module, spoken to an LRS."""
