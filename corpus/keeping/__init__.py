"""Keeping what people made: backups, restoring, upgrades, and the state of the house."""
