"""Fits the learned parts from the corpus and writes them with their cards; the only place that does."""

from pipeline.train.scorer import TrainingReport, train_scorer

__all__ = ["TrainingReport", "train_scorer"]
