"""SCORM packages, 1.2 and 2004."""
