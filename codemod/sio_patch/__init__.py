"""Repairs installed npm packages with semantic patches."""
