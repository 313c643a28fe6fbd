"""Reintegration: the course on the labour market reintegration of returnees, in English, Spanish and French."""
