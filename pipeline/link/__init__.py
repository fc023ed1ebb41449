"""Mentions to candidates: what each figure and event is about."""
