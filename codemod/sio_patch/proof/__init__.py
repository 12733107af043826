"""Proofs: a patch's own script, run on a real Node, before and after the patch. docs/proofs.md has the contract."""
