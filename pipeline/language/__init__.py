"""Language packs: one TOML file for each language, validated on load."""

from pipeline.language.pack import Pack, load_pack

__all__ = ["Pack", "load_pack"]
