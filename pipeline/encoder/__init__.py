"""A small multilingual encoder, read as ONNX: what it thinks of figures and events, asked after the rules."""
