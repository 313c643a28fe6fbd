"""SCORM packages: SCORM 1.2 for now."""
