"""Interchange with annotation tools: articles with facts out, corrected ones back (docs/annotating.md)."""
