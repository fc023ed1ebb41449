"""Trains the encoder (`pipeline.encoder`) from the corpus; needs the extra `train`."""
