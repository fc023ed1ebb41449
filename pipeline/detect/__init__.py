"""Detectors: what stands in a text, before anything is said about what belongs to what."""
