"""The command line: options in, verdicts out. Decides nothing; the only importer of click."""
