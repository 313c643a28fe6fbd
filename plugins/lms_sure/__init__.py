"""SURE: the French course on the reintegration of return migrants."""
