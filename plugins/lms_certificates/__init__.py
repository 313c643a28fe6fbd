"""Certificates: a signed record, and the PDF that shows it and carries it."""
