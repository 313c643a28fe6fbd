"""A module as a plain web site."""
